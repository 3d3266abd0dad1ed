package dev.adagrad.openapi;

import java.util.List;
import java.util.regex.Pattern;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/// A service without sessions is purely stateless, and its document speaks of none.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "adagrad.sessions.enabled=false")
class NoSessionsTest {

	@LocalServerPort
	private int port;

	@Test
	void theDocumentShowsNoSession() {
		JsonNode document = new TestClient(this.port).get("/v3/api-docs").json();
		assertThat(document.at("/paths").propertyNames()).containsExactly("/adagrad/step");
		assertThat(document.at("/components/schemas").propertyNames()).containsExactlyInAnyOrder("Numbers", "Problem",
				"FieldProblem", "EpsilonPlacement", "WeightDecayMode", "ClipNormScope", "Accumulator", "Dtype",
				"Preset", "Include", "Shape", "TensorStepRequestMap", "SafetensorsFile", "StepRequest", "StepResponse",
				"StepMetrics", "TensorStepRequest", "TensorStepResponse");
		assertThat(document.at("/tags").size()).isOne();
		assertThat(document.toString()).doesNotContainIgnoringCase("session").doesNotContain("store-", "applied_step");
	}

	@Test
	void theProblemsAreThoseOfStepsAlone() {
		TestClient client = new TestClient(this.port);
		List<String> listed = Pattern.compile("href=\"problems/([^\"]+)\"")
			.matcher(client.get("/problems").body())
			.results()
			.map((link) -> link.group(1))
			.toList();
		assertThat(listed).containsExactly("malformed-body", "malformed-header", "unauthorized", "not-local",
				"origin-not-allowed", "forbidden", "not-found", "method-not-allowed", "not-acceptable",
				"request-timeout", "too-large", "unsupported-media-type", "invalid-field", "length-mismatch",
				"dtype-mismatch", "non-finite-result", "quota-exceeded", "internal-error", "overloaded");
		assertThat(client.get("/problems/session-exists").status()).as("a type of earlier").isEqualTo(200);
	}

	@Test
	void noPageShowsSessionsOrLeadsThere() {
		TestClient client = new TestClient(this.port);
		Answer page = client.get("/sessions", "Accept", "text/html");
		assertThat(page.status()).isEqualTo(404);
		assertThat(page.problemCode()).isEqualTo("not-found");
		for (String path : List.of("/", "/problems", "/problems/not-found", "/swagger-ui/index.html")) {
			assertThat(client.get(path).body()).as(path).contains(">Problems</a>").doesNotContain(">Sessions</a>");
		}
	}

	@Test
	void theClientsAreThere() {
		TestClient client = new TestClient(this.port);
		assertThat(client.get("/clients/adagrad.py").status()).isEqualTo(200);
		assertThat(client.get("/clients/adagrad.mjs").status()).isEqualTo(200);
	}

	@Test
	void thereIsNoneToBeCalled() {
		TestClient client = new TestClient(this.port);
		for (Answer answer : new Answer[] { client.get("/adagrad/sessions"), client.get("/adagrad/sessions/a/state"),
				client.send("PUT", "/adagrad/sessions/a", "{\"size\":1}", "Content-Type", "application/json") }) {
			assertThat(answer.status()).isEqualTo(404);
			assertThat(answer.problemCode()).isEqualTo("not-found");
		}
		assertThat(client.step("{\"parameter\":1,\"grad\":1,\"G\":0}").status()).isEqualTo(200);
		assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
	}

}
