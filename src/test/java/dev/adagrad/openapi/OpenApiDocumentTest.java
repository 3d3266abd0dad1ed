package dev.adagrad.openapi;

import java.util.List;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// The document says the truth: what it shows as an answer is what the service answers.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class OpenApiDocumentTest {

	@LocalServerPort
	private int port;

	private TestClient client;

	private JsonNode document;

	private JsonNode step;

	@BeforeEach
	void read() {
		this.client = new TestClient(this.port);
		this.document = this.client.get("/v3/api-docs").json();
		this.step = this.document.at("/paths/~1adagrad~1step/post");
	}

	@Test
	void everyExampleOfAStepAnswersWhatItsResponseExampleShows() {
		JsonNode requests = this.step.at("/requestBody/content/application~1json/examples");
		JsonNode responses = this.step.at("/responses/200/content/application~1json/examples");
		assertThat(requests.size()).isGreaterThanOrEqualTo(8).isEqualTo(responses.size());
		requests.propertyStream().forEach((example) -> {
			Answer answer = this.client.step(example.getValue().get("value").toString());
			assertThat(answer.status()).as(example.getKey()).isEqualTo(200);
			assertThat(answer.json()).as(example.getKey()).isEqualTo(responses.get(example.getKey()).get("value"));
		});
	}

	@Test
	void everyErrorExampleIsWhatTheServiceAnswers() {
		assertTrue("400", "malformed-body", this.client.step(json("{'parameter': [1.0, NaN]}")));
		assertTrue("400", "malformed-file", new TensorFile(TensorFile.of("grad", "F64", 8, 3).header(), 16)
			.sendBy(this.client, "POST", "/adagrad/step"));
		assertTrue("422", "half-precision",
				TensorFile.of("parameter", "F16", 2, 3).sendBy(this.client, "POST", "/adagrad/step"));
		assertTrue("400", "malformed-header", send("{}", "Content-Type", "json"));
		assertTrue("406", "tensors-not-acceptable",
				send("{}", "Content-Type", "application/json", "Accept", "application/xml"));
		assertTrue("413", "too-large", this.client.step(json("{'parameter': [") + "1,".repeat(16777216) + "1]}"));
		assertTrue("415", "unsupported-media-type", send("a=1", "Content-Type", "application/x-www-form-urlencoded"));
		assertTrue("422", "invalid-field", this.client.step("""
				{"parameter": 1.0, "grad": 0.1, "G": -1.0, "learning_rate": -0.5}"""));
		assertTrue("422", "unknown-field", this.client.step("""
				{"parameter": 1.0, "gard": 0.1, "G": 0.0}"""));
		assertTrue("422", "length-mismatch", this.client.step("""
				{"parameter": [1.0, 2.0, 3.0], "grad": [0.1, 0.2], "G": [0.0, 0.0, 0.0]}"""));
		assertTrue("422", "non-finite-result", this.client.step("""
				{"parameter": [1.0, 2.0], "grad": [0.1, 1e200], "G": [0.0, 0.0]}"""));
	}

	private Answer send(String body, String... headers) {
		return this.client.send("POST", "/adagrad/step", body, headers);
	}

	private void assertTrue(String status, String id, Answer answer) {
		JsonNode example = this.step
			.at("/responses/" + status + "/content/application~1problem+json/examples/" + id + "/value");
		assertThat(answer.json()).as(id).isEqualTo(example);
		assertThat(answer.status()).isEqualTo(Integer.parseInt(status));
	}

	@Test
	void theFrameIsComplete() {
		assertThat(this.document.get("openapi").asString()).startsWith("3.1");
		assertThat(this.document.at("/info/license/identifier").asString()).isEqualTo("Apache-2.0");
		assertThat(this.document.at("/paths").propertyNames()).containsExactlyInAnyOrder("/adagrad/step",
				"/adagrad/sessions", "/adagrad/sessions/{id}", "/adagrad/sessions/{id}/step",
				"/adagrad/sessions/{id}/state", "/adagrad/sessions/{id}/state/lookup");
		assertThat(this.document.at("/tags").valueStream().map((tag) -> tag.get("name").asString()))
			.containsExactly("step", "sessions");
		assertThat(this.document.at("/info/description").asString()).contains("Idempotency-Key");
	}

	@Test
	void filesAreTakenAndGivenBesideJson() {
		for (String content : List.of("/requestBody/content", "/responses/200/content")) {
			assertThat(this.step.at(content).propertyNames()).as(content)
				.containsExactly("application/json", TensorFile.MEDIA_TYPE);
			assertThat(this.step.at(content + "/application~1vnd.safetensors").toString()).as(content)
				.isEqualTo(json("{'schema':{'$ref':'#/components/schemas/SafetensorsFile'}}"));
		}
		JsonNode file = this.document.at("/components/schemas/SafetensorsFile");
		assertThat(file.get("type").asString() + file.get("format").asString()).isEqualTo("stringbinary");
		assertThat(file.get("contentMediaType").asString()).isEqualTo(TensorFile.MEDIA_TYPE);
		assertThat(file.get("description").asString()).contains("__metadata__", "`parameter`, `grad`, `G`",
				"a state, of shape [size]", "I64");
		assertThat(this.document.at("/info/description").asString()).contains(TensorFile.MEDIA_TYPE);
		assertThat(this.document.at("/components/schemas/Problem/properties").propertyNames()).contains("offset");
	}

	/// Generated clients in Java, C# and Go cannot say that something is one of two
	/// types.
	/// They call an enum or an object without a name differently in each place, and in
	/// Java
	/// send an empty array or map for each that has no name.
	@Test
	void everySchemaIsOneThatGeneratedClientsCanSay() {
		assertThat(this.document.findValues("oneOf")).isEmpty();
		assertThat(this.document.findValues("anyOf")).isEmpty();
		JsonNode schemas = this.document.at("/components/schemas");
		schemas.propertyStream().forEach((schema) -> {
			JsonNode required = schema.getValue().path("required");
			schema.getValue().path("properties").propertyStream().forEach((field) -> {
				String name = schema.getKey() + "." + field.getKey();
				assertThat(field.getValue().findValues("enum")).as(name).isEmpty();
				assertThat(field.getValue().findValues("properties")).as(name).isEmpty();
				// nothing is asked for where it is empty
				if (schema.getKey().endsWith("Request") && !field.getKey().equals("include")
						&& !required.toString().contains('"' + field.getKey() + '"')) {
					assertThat(field.getValue().path("type").asString("")).as(name).isNotIn("array", "object");
				}
			});
		});
		for (String owner : List.of("CreateSessionRequest", "SessionDescription")) {
			assertThat(schemas.at("/" + owner + "/properties/size/format").asString()).as(owner).isEqualTo("int64");
		}
	}

	@Test
	void rangesAndNamesAreThoseOfTheContract() {
		JsonNode fields = this.document.at("/components/schemas/StepRequest/properties");
		assertThat(fields.propertyNames()).containsExactlyInAnyOrder("parameter", "grad", "G", "step", "dtype",
				"preset", "learning_rate", "epsilon", "epsilon_placement", "lr_decay", "weight_decay",
				"weight_decay_mode", "l1", "l2", "maximize", "clip_value", "clip_norm", "clip_norm_scope", "tensors",
				"include");
		assertThat(fields.at("/learning_rate/minimum").asInt(-1)).isZero();
		assertThat(fields.at("/clip_norm/exclusiveMinimum").asInt(-1)).isZero();
		assertThat(fields.findParents("default")).as("a client that sends defaults along must not override a preset")
			.doesNotContain(fields.get("learning_rate"), fields.get("epsilon"), fields.get("epsilon_placement"),
					fields.get("weight_decay_mode"));
		assertThat(fields.at("/step/minimum").asInt(-1)).isOne();
		JsonNode schemas = this.document.at("/components/schemas");
		assertThat(schemas.at("/EpsilonPlacement/enum").toString()).isEqualTo(json("['outside_sqrt','inside_sqrt']"));
		assertThat(schemas.at("/Dtype/enum").toString()).isEqualTo(json("['F64','F32']"));
		assertThat(this.document.at("/components/schemas/TensorStepRequest/required").toString())
			.isEqualTo(json("['G','grad','parameter']"));
	}

}
