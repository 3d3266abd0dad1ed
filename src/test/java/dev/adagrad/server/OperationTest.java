package dev.adagrad.server;

import java.util.List;
import java.util.UUID;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What an operator looks at: health, metrics, and which origins may call.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "adagrad.cors.allowed-origins=https://allowed.example")
class OperationTest {

	private static final String STEP = json("{'parameter':1,'grad':1,'G':1}");

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness" })
	void isUp(String path) {
		Answer answer = this.client.get(path);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().get("status").asString()).isEqualTo("UP");
	}

	@Test
	void countsStepsByOutcomeAndFormat() {
		double okBefore = metric("adagrad_steps_total{format='json',outcome='ok'}");
		double refusedBefore = metric("adagrad_steps_total{format='json',outcome='invalid-field'}");
		double elementsBefore = metric("adagrad_step_elements_sum");
		double kernelBefore = metric("adagrad_kernel_seconds_count");
		this.client.step(STEP);
		this.client.step(json("{'parameter':[1,2,3],'grad':[1,1,1],'G':[0,0,0]}"));
		this.client.step("{}");
		assertThat(metric("adagrad_steps_total{format='json',outcome='ok'}")).isEqualTo(okBefore + 2);
		assertThat(metric("adagrad_steps_total{format='json',outcome='invalid-field'}")).isEqualTo(refusedBefore + 1);
		assertThat(metric("adagrad_step_elements_sum")).isEqualTo(elementsBefore + 4);
		assertThat(metric("adagrad_kernel_seconds_count")).isEqualTo(kernelBefore + 2);
	}

	@Test
	void countsWhatIsRefusedByItsHeadersAndNothingThatIsNoStep() {
		double okBefore = metric("adagrad_steps_total{format='json',outcome='ok'}");
		double otherBefore = metric("adagrad_steps_total{format='other',outcome='ok'}");
		double gzipBefore = metric("adagrad_steps_total{format='json',outcome='unsupported-media-type'}");
		this.client.send("OPTIONS", "/adagrad/step", "");
		this.client.send("POST", "/adagrad/step", STEP, "Content-Type", "Application/JSON; charset=utf-8");
		this.client.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "Content-Encoding", "gzip");
		assertThat(metric("adagrad_steps_total{format='json',outcome='ok'}")).isEqualTo(okBefore + 1);
		assertThat(metric("adagrad_steps_total{format='other',outcome='ok'}")).isEqualTo(otherBefore);
		assertThat(metric("adagrad_steps_total{format='json',outcome='unsupported-media-type'}"))
			.isEqualTo(gzipBefore + 1);
	}

	@Test
	void countsCallsOnSessionsByOutcome() {
		String path = "/adagrad/sessions/operation-" + UUID.randomUUID();
		double okBefore = metric("adagrad_session_calls_total{call='step',outcome='ok'}");
		double replayedBefore = metric("adagrad_session_calls_total{call='step',outcome='replayed'}");
		double notFoundBefore = metric("adagrad_session_calls_total{call='step',outcome='session-not-found'}");
		sessionStep(path, "a");
		this.client.send("PUT", path, json("{'parameter':[1]}"), "Content-Type", "application/json");
		sessionStep(path, "a");
		sessionStep(path, "b");
		sessionStep(path, "b");
		assertThat(metric("adagrad_session_calls_total{call='step',outcome='ok'}")).isEqualTo(okBefore + 2);
		assertThat(metric("adagrad_session_calls_total{call='step',outcome='replayed'}")).isEqualTo(replayedBefore + 1);
		assertThat(metric("adagrad_session_calls_total{call='step',outcome='session-not-found'}"))
			.isEqualTo(notFoundBefore + 1);
	}

	private void sessionStep(String path, String key) {
		this.client.send("POST", path + "/step", json("{'grad':[1]}"), "Content-Type", "application/json",
				"Idempotency-Key", key);
	}

	private double metric(String quoted) {
		String name = json(quoted);
		return this.client.get("/actuator/prometheus")
			.body()
			.lines()
			.filter((line) -> line.startsWith(name + " "))
			.mapToDouble((line) -> Double.parseDouble(line.substring(name.length() + 1)))
			.findFirst()
			.orElse(0);
	}

	@Test
	void swaggerUiHasAShortAddress() {
		Answer page = this.client.get("/swagger-ui.html");
		assertThat(page.status()).isEqualTo(302);
		// a path alone: a proxy may have another scheme, host and port
		assertThat(page.header("Location")).isEqualTo("/swagger-ui/index.html");
		assertThat(this.client.get(page.header("Location")).body()).contains("swagger-ui");
	}

	@Test
	void optionsNameNoFormatsForPatch() {
		Answer answer = this.client.send("OPTIONS", "/adagrad/step", "");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.response().headers().map()).containsKey("allow").doesNotContainKey("accept-patch");
	}

	@Test
	void answersTellTheirLengthAndLargeOnesAreStreamed() {
		for (String path : List.of("/problems", "/actuator/health", "/actuator/health/nope", "/adagrad/sessions")) {
			assertThat(this.client.get(path).header("Content-Length")).as(path).isNotEmpty();
		}
		Answer small = this.client.step(STEP);
		assertThat(small.header("Content-Length")).isEqualTo(String.valueOf(small.body().length()));
		String ones = "[" + "1,".repeat(99_999) + "1]";
		Answer large = this.client.step(json("{'parameter':" + ones + ",'grad':" + ones + ",'G':" + ones + "}"));
		assertThat(large.status()).isEqualTo(200);
		assertThat(large.header("Transfer-Encoding")).isEqualTo("chunked");
	}

	@Test
	void anAllowedOriginMayCallAndRead() {
		Answer preflight = preflight("https://allowed.example");
		assertThat(preflight.status()).isEqualTo(200);
		assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("https://allowed.example");
		Answer answer = call("https://allowed.example");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("https://allowed.example");
		assertThat(answer.header("Access-Control-Expose-Headers")).contains("ETag").contains("Retry-After");
		Answer module = this.client.get("/clients/adagrad.mjs", "Origin", "https://allowed.example");
		assertThat(module.header("Access-Control-Allow-Origin")).as("a page may import the client")
			.isEqualTo("https://allowed.example");
		assertThat(preflight.header("Access-Control-Max-Age")).isEqualTo("3600");
		assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST");
	}

	@Test
	void anotherOriginMayNot() {
		Answer preflight = preflight("https://other.example");
		assertThat(preflight.status()).isEqualTo(403);
		assertThat(preflight.problemCode()).isEqualTo("origin-not-allowed");
		Answer answer = call("https://other.example");
		assertThat(answer.status()).as("the browser is on the machine that is trusted").isEqualTo(403);
		assertThat(answer.problemCode()).isEqualTo("origin-not-allowed");
		assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
	}

	private Answer preflight(String origin) {
		return this.client.send("OPTIONS", "/adagrad/step", "", "Origin", origin, "Access-Control-Request-Method",
				"POST", "Access-Control-Request-Headers", "content-type");
	}

	private Answer call(String origin) {
		return this.client.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "Origin", origin);
	}

}
