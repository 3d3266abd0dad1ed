package dev.adagrad.trace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.adagrad.PostgresProcess;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// The service beside a collector: without one, with one, and with one that is away.
class TracesTest {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-01";

	private static final String EACH_100_MS = "--management.opentelemetry.tracing.export.schedule-delay=100ms";

	@TempDir
	private Path folder;

	private ServiceProcess start(String... arguments) {
		return ServiceProcess.start(List.of("-Dadagrad.store.path=" + this.folder.resolve("data")), arguments);
	}

	private static int call(ServiceProcess service) {
		return service.client()
			.send("POST", "/adagrad/step", json("{'parameter':[1],'grad':[1],'G':[0]}"), "Content-Type",
					"application/json", "traceparent", SAMPLED)
			.status();
	}

	private static void create(ServiceProcess service, String id) {
		assertThat(service.client()
			.send("PUT", "/adagrad/sessions/" + id, json("{'parameter':[1]}"), "Content-Type", "application/json",
					"traceparent", SAMPLED)
			.status()).isEqualTo(201);
	}

	/// The line that tells of a session.
	private static String lineOf(ServiceProcess service, String id) {
		return service.printed()
			.stream()
			.filter((line) -> line.contains("session " + id + " created"))
			.findFirst()
			.orElseThrow();
	}

	@Test
	void byDefaultNothingIsTraced() {
		try (ServiceProcess service = start("--management.endpoints.web.exposure.include=*")) {
			assertThat(call(service)).isEqualTo(200);
			create(service, "silent");
			TestClient client = service.client();
			assertThat(client.get("/actuator/threaddump").body()).doesNotContain("BatchSpan", "BatchLog", "HttpClient",
					"opentelemetry");
			assertThat(client.get("/actuator/beans").body()).doesNotContain("opentelemetry", "io.micrometer.tracing");
			assertThat(service.printed())
				.noneMatch((line) -> line.contains(" WARN ") || line.contains("calls are traced"));
			assertThat(lineOf(service, "silent")).doesNotContain(TRACE).contains("request] d.adagrad.session");
		}
	}

	@Test
	void aCollectorGetsTheSpansAndNothingElse() {
		try (Collector collector = Collector.start();
				ServiceProcess service = start(collector.setting(), EACH_100_MS,
						"--management.endpoints.web.exposure.include=*")) {
			assertThat(call(service)).isEqualTo(200);
			collector.await(TRACE, "adagrad-service", "POST /adagrad/step", "read body", "kernel", "write answer");
			create(service, "told");
			assertThat(collector.await(TRACE, "PUT /adagrad/sessions/{id}", "store", "create")).doesNotContain("told");
			assertThat(lineOf(service, "told")).contains("[" + TRACE + "-");
			assertThat(collector.paths()).allMatch("POST /v1/traces"::equals);
			assertThat(service.client().get("/actuator/threaddump").body()).doesNotContain("BatchLog");
			assertThat(service.printed()).noneMatch((line) -> line.contains(" WARN "));
		}
	}

	@Test
	void whatIsQueuedAtTheEndIsSent() {
		try (Collector collector = Collector.start()) {
			try (ServiceProcess service = start(collector.setting(),
					"--management.opentelemetry.tracing.export.schedule-delay=1h")) {
				assertThat(call(service)).isEqualTo(200);
			}
			collector.await(TRACE, "POST /adagrad/step");
		}
	}

	@Test
	void aCollectorThatIsAwayDisturbsNobody() {
		ServiceProcess service = start(
				"--" + TracingCondition.ENDPOINT + "=http://127.0.0.1:" + PostgresProcess.freePort() + "/v1/traces",
				EACH_100_MS);
		assertThatCallsGoOn(service);
	}

	@Test
	void aCollectorThatNeverAnswersDisturbsNobody() throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			ServiceProcess service = start(
					"--" + TracingCondition.ENDPOINT + "=http://127.0.0.1:" + silent.getLocalPort() + "/v1/traces",
					EACH_100_MS);
			assertThatCallsGoOn(service);
		}
	}

	@Test
	void aCollectorThatRefusesIsToldOfOnceAndItsReturnToo() {
		try (Collector collector = Collector.start();
				ServiceProcess service = start(collector.setting(), EACH_100_MS)) {
			collector.answer(400);
			callUntil(service, "spans are lost");
			collector.answer(200);
			callUntil(service, "the collector takes spans again");
			assertThat(service.printed()).filteredOn((line) -> !line.contains(" INFO "))
				.singleElement()
				.asString()
				.contains("spans are lost, until the collector takes them again: it refuses them");
		}
	}

	/// Until the log has a line that contains the words.
	private static void callUntil(ServiceProcess service, String words) {
		do {
			assertThat(call(service)).isEqualTo(200);
		}
		while (service.printed().stream().noneMatch((line) -> line.contains(words)));
	}

	private static void assertThatCallsGoOn(ServiceProcess service) {
		long stopped;
		try (service) {
			callUntil(service, "spans are lost");
			assertThat(service.printed()).filteredOn((line) -> !line.contains(" INFO "))
				.singleElement()
				.asString()
				.contains("spans are lost, until the collector takes them again: java.");
			stopped = System.nanoTime();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(15));
	}

}
