package dev.adagrad.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.adagrad.AdaGradApplication;
import dev.adagrad.SafetensorsFile;
import dev.adagrad.TestClient;
import dev.adagrad.session.store.postgresql.PostgresServer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static dev.adagrad.Json.json;
import static dev.adagrad.session.store.Fixtures.await;
import static org.assertj.core.api.Assertions.assertThat;

/// What a collector sees of calls, and what it does not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpansTest {

	private static final String STEP = json("{'parameter':[31337.5],'grad':[1],'G':[0]}");

	private static final String PARENT = "b7ad6b7169203331";

	private final KeptSpans spans = new KeptSpans();

	private Collector collector;

	private ConfigurableApplicationContext sqlite;

	private ConfigurableApplicationContext postgresql;

	@BeforeAll
	void start() {
		this.collector = Collector.start();
		PostgresServer.Place place = PostgresServer.shared().newPlace();
		this.sqlite = start("--adagrad.store.path=target/traces-" + UUID.randomUUID());
		this.postgresql = start("--adagrad.store.kind=postgresql", "--spring.datasource.url=" + place.url(),
				"--spring.datasource.username=" + place.user(), "--spring.datasource.password=" + place.password());
	}

	private ConfigurableApplicationContext start(String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.addAll(List.of("--server.port=0", this.collector.setting(), "--management.tracing.sampling.probability=0"));
		return new SpringApplicationBuilder(AdaGradApplication.class)
			.initializers((GenericApplicationContext context) -> context.registerBean("keptSpans", KeptSpans.class,
					() -> this.spans))
			.run(all.toArray(String[]::new));
	}

	@AfterAll
	void stop() {
		this.sqlite.close();
		this.postgresql.close();
		this.collector.close();
	}

	private static TestClient client(ConfigurableApplicationContext service) {
		return new TestClient(((WebServerApplicationContext) service).getWebServer().getPort());
	}

	/// The spans of one trace, which the client has begun. The last of them ends a moment
	/// after the client has its answer.
	private List<SpanData> of(String trace) {
		await(() -> ended(trace).stream().anyMatch((span) -> span.getParentSpanId().equals(PARENT)));
		return ended(trace);
	}

	private List<SpanData> ended(String trace) {
		for (ConfigurableApplicationContext service : List.of(this.sqlite, this.postgresql)) {
			service.getBean(SdkTracerProvider.class).forceFlush().join(30, TimeUnit.SECONDS);
		}
		return this.spans.all().stream().filter((span) -> span.getTraceId().equals(trace)).toList();
	}

	private static String newTrace() {
		byte[] bytes = new byte[16];
		ThreadLocalRandom.current().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	private static String traceparent(String trace, boolean sampled) {
		return "00-" + trace + "-" + PARENT + (sampled ? "-01" : "-00");
	}

	/// A call that is sampled.
	private static String[] headers(String trace, String... others) {
		List<String> all = new ArrayList<>(List.of(others));
		all.addAll(List.of("traceparent", traceparent(trace, true), "Content-Type", "application/json"));
		return all.toArray(String[]::new);
	}

	/// Names and what they are below, such as `kernel < POST /adagrad/step`.
	private static List<String> tree(List<SpanData> spans) {
		Map<String, String> names = spans.stream().collect(Collectors.toMap(SpanData::getSpanId, SpanData::getName));
		return spans.stream()
			.map((span) -> span.getName() + " < " + names.getOrDefault(span.getParentSpanId(), span.getParentSpanId()))
			.sorted()
			.toList();
	}

	private static String attribute(SpanData span, String name) {
		return span.getAttributes().get(AttributeKey.stringKey(name));
	}

	private static SpanData named(List<SpanData> spans, String name) {
		return spans.stream().filter((span) -> span.getName().equals(name)).findFirst().orElseThrow();
	}

	@Test
	void aStatelessStepIsASpanOfTheClientsTraceWithItsParts() {
		String trace = newTrace();
		assertThat(client(this.sqlite).send("POST", "/adagrad/step", STEP, headers(trace)).status()).isEqualTo(200);
		List<SpanData> spans = of(trace);
		assertThat(tree(spans)).containsExactly("POST /adagrad/step < " + PARENT, "kernel < POST /adagrad/step",
				"read body < POST /adagrad/step", "write answer < POST /adagrad/step");
		SpanData call = named(spans, "POST /adagrad/step");
		assertThat(call.getKind()).isEqualTo(SpanKind.SERVER);
		assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
		Map<String, Object> attributes = new HashMap<>();
		call.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
		assertThat(attributes).isEqualTo(Map.of("http.request.method", "POST", "http.route", "/adagrad/step",
				"http.response.status_code", 200L, "network.protocol.version", "1.1", "url.scheme", "http"));
		assertThat(attribute(named(spans, "read body"), "adagrad.format")).isEqualTo("json");
	}

	@Test
	void theFormatIsTold() {
		String trace = newTrace();
		SafetensorsFile file = new SafetensorsFile().doubles("parameter", 1).doubles("grad", 1).doubles("G", 0);
		client(this.sqlite).step(file, "traceparent", traceparent(trace, true));
		List<SpanData> spans = of(trace);
		assertThat(attribute(named(spans, "read body"), "adagrad.format")).isEqualTo("safetensors");
		assertThat(attribute(named(spans, "write answer"), "adagrad.format")).isEqualTo("safetensors");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aStepOfASessionHasItsStoreAndTheKernelBelowIt(boolean sqlite) {
		TestClient client = client(sqlite ? this.sqlite : this.postgresql);
		String path = "/adagrad/sessions/session-" + UUID.randomUUID();
		String trace = newTrace();
		assertThat(client.send("PUT", path, json("{'parameter':[31337.5]}"), headers(trace)).status()).isEqualTo(201);
		List<SpanData> created = of(trace);
		String call = "PUT /adagrad/sessions/{id}";
		assertThat(tree(created)).containsExactly(call + " < " + PARENT, "read body < " + call, "store < " + call,
				"write answer < " + call);
		assertThat(attribute(named(created, "store"), "adagrad.operation")).isEqualTo("create");
		trace = newTrace();
		assertThat(client
			.send("POST", path + "/step", json("{'grad':[1]}"),
					headers(trace, "Idempotency-Key", "secret-key-7", "Authorization", "Bearer secret-key-8"))
			.status()).isEqualTo(200);
		List<SpanData> stepped = of(trace);
		call = "POST /adagrad/sessions/{id}/step";
		assertThat(tree(stepped)).containsExactly(call + " < " + PARENT, "kernel < store", "read body < " + call,
				"store < " + call, "write answer < " + call);
		assertThat(attribute(named(stepped, "store"), "adagrad.operation")).isEqualTo("step");
		assertThat(stepped.toString() + created).doesNotContain("secret-key", "31337", path);
	}

	@Test
	void aRefusalHasItsCode() {
		String trace = newTrace();
		client(this.sqlite).send("POST", "/adagrad/step", json("{'parameter':31337.5,'oops"), headers(trace));
		List<SpanData> spans = of(trace);
		SpanData call = named(spans, "POST /adagrad/step");
		assertThat(attribute(call, "error.type")).isEqualTo("malformed-body");
		assertThat(call.getAttributes().get(AttributeKey.longKey("http.response.status_code"))).isEqualTo(400);
		// a client's error is not one of the server
		assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
		assertThat(attribute(named(spans, "read body"), "error.type")).isEqualTo("malformed-body");
		assertThat(spans.toString()).doesNotContain("31337");
		trace = newTrace();
		client(this.sqlite).send("POST", "/adagrad/sessions/nobody/step", json("{'grad':[1]}"), headers(trace));
		spans = of(trace);
		assertThat(attribute(named(spans, "POST /adagrad/sessions/{id}/step"), "error.type"))
			.isEqualTo("session-not-found");
		assertThat(attribute(named(spans, "store"), "error.type")).isEqualTo("session-not-found");
	}

	@Test
	void valuesThatOverflowAreNotInTheSpans() {
		String trace = newTrace();
		client(this.sqlite).send("POST", "/adagrad/step", json("{'parameter':[31337],'grad':[1e308],'G':[1e308]}"),
				headers(trace));
		List<SpanData> spans = of(trace);
		assertThat(attribute(named(spans, "POST /adagrad/step"), "error.type")).isEqualTo("non-finite-result");
		assertThat(spans.toString()).doesNotContain("31337", "E308", "Infinity");
	}

	@Test
	void theClientDecidesAgainst() {
		String trace = newTrace();
		assertThat(client(this.sqlite)
			.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "traceparent",
					traceparent(trace, false))
			.status()).isEqualTo(200);
		assertThat(ended(trace)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "nonsense", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
			"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
			"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
			"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
			"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz",
			"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more" })
	void whatIsNoTraceparentIsAsGoodAsNone(String traceparent) {
		String answer = client(this.sqlite)
			.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "traceparent", traceparent,
					"tracestate", "=,=," + "x".repeat(2000), "baggage", "=;;")
			.body();
		assertThat(answer).isEqualTo(client(this.sqlite).step(STEP).body());
		assertThat(ended("0af7651916cd43dd8448eb211c80319c")).isEmpty();
	}

	@Test
	void probesAndPagesAreNoCalls() {
		String trace = newTrace();
		for (String path : List.of("/actuator/health", "/actuator/prometheus", "/", "/sessions")) {
			assertThat(client(this.sqlite).get(path, "traceparent", traceparent(trace, true)).status()).isEqualTo(200);
		}
		assertThat(ended(trace)).isEmpty();
	}

	@Test
	void theMethodIsOneOfAFew() {
		String trace = newTrace();
		client(this.sqlite).send("BREW", "/adagrad/step", "", headers(trace));
		assertThat(attribute(of(trace).getFirst(), "http.request.method")).isEqualTo("_OTHER");
		assertThat(of(trace).getFirst().getName()).isEqualTo("HTTP");
	}

}
