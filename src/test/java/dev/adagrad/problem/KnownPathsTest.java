package dev.adagrad.problem;

import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/// What is answered to a path that there is not.
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class KnownPathsTest {

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	@ParameterizedTest
	@CsvSource({ "/step, /adagrad/step", "/adagrad/steps, /adagrad/step", "/adagrad/step/, /adagrad/step",
			"/api/adagrad/step, /adagrad/step", "/adagrad//step, /adagrad/step", "/Adagrad/Step, /adagrad/step",
			"/adagrad/session, /adagrad/sessions", "/adagrad/sessions/, /adagrad/sessions",
			"/adagrad/sessions/a/steps, /adagrad/sessions/a/step",
			"/adagrad/session/a/state, /adagrad/sessions/a/state", "/sessions/a/step, /adagrad/sessions/a/step",
			"/adagrad/sessions/a/state/look-up, /adagrad/sessions/a/state/lookup", "/docs, /swagger-ui.html",
			"/swagger-ui, /swagger-ui.html", "/openapi.json, /v3/api-docs", "/health, /actuator/health",
			"/readyz, /actuator/health/readiness", "/metrics, /actuator/prometheus" })
	void aPathNearAKnownOneSuggestsIt(String path, String meant) {
		Answer answer = this.client.get(path);
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.problemCode()).isEqualTo("not-found");
		assertThat(answer.json().get("detail").asString())
			.isEqualTo("there is nothing at " + path + "; did you mean " + meant + "?");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/adagrad", "/x", "/a/b/c/d/e/f/g", "/adagrad/adam", "/favicon.png" })
	void aPathFarFromAllSuggestsNone(String path) {
		assertThat(this.client.get(path).json().get("detail").asString()).isEqualTo("there is nothing at " + path);
	}

}
