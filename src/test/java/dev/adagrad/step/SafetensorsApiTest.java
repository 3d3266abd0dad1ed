package dev.adagrad.step;

import java.util.List;
import java.util.Map;

import dev.adagrad.SafetensorsFile;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// The stateless step in tensors, as a client meets it. Expected values are those of the same step in JSON, which other
/// tests hold against torch, or come from IEEE arithmetic done by hand in Python.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SafetensorsApiTest {

	private static final String JSON = "application/json";

	private static final String SMALL = json("{'parameter':[1.0],'grad':[0.1],'G':[1.0]}");

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	private static SafetensorsFile small() {
		return new SafetensorsFile().doubles("parameter", 1).doubles("grad", 0.1).doubles("G", 1);
	}

	@Test
	void aStepInTensorsIsTheStepInDecimals() {
		double[] parameter = { 0.1, -2.5e-300, 1e9, -0.0, Double.MIN_VALUE };
		double[] grad = { -0.3, 7e-10, 123456.789, 0, 4e-5 };
		double[] G = { 0, 1e-20, 2.5, 0, 1 };
		Answer file = this.client.step(new SafetensorsFile().with("learning_rate", "0.1")
			.with("include", "update,effective_learning_rate")
			.with("weight_decay", 0.5)
			.doubles("grad", grad)
			.doubles("parameter", parameter)
			.doubles("G", G));
		JsonNode json = this.client
			.step(json("{'parameter':[0.1,-2.5e-300,1e9,-0.0,4.9E-324],'grad':[-0.3,7e-10,123456.789,0,4e-5],"
					+ "'G':[0,1e-20,2.5,0,1],'learning_rate':0.1,'weight_decay':0.5,"
					+ "'include':['update','effective_learning_rate']}"))
			.json();
		assertThat(file.status()).isEqualTo(200);
		assertThat(file.header("Content-Length")).isEqualTo(String.valueOf(file.response().body().length));
		assertThat(file.file().names()).containsExactlyInAnyOrder("parameter", "G", "update",
				"effective_learning_rate");
		for (String name : file.file().names()) {
			assertThat(file.file().dtype(name)).isEqualTo("F64");
			double[] values = file.file().doubles(name);
			for (int i = 0; i < values.length; i++) {
				assertThat(Double.doubleToRawLongBits(values[i])).as(name + i)
					.isEqualTo(Double.doubleToRawLongBits(json.get(name).get(i).asDouble()));
			}
		}
	}

	@Test
	void metricsStandInTheMetadataAsJson() {
		Answer file = this.client.step(new SafetensorsFile().with("include", "metrics")
			.with("clip_norm", 2.5)
			.with("learning_rate", 1)
			.with("epsilon", 0)
			.doubles("grad", 3, 4)
			.doubles("parameter", 1, 1)
			.doubles("G", 0, 0));
		// the norm is 5, so g becomes (1.5, 2), and each element moves by 1
		assertThat(file.file().metadata()).containsExactly(
				Map.entry("metrics", json("{'learning_rate':1.0,'grad_norm':5.0,'clip_factor':0.5,'update_norm':"
						+ Math.sqrt(2) + ",'parameter_norm':0.0,'touched':2}")));
		assertThat(file.file().doubles("G")).containsExactly(2.25, 4);
	}

	@Test
	void floatsStayFloats() {
		Answer answer = this.client
			.step(new SafetensorsFile().floats("parameter", 1).floats("grad", 0.1F).floats("G", 0));
		assertThat(answer.file().dtype("parameter")).isEqualTo("F32");
		assertThat(answer.file().doubles("parameter")).containsExactly(0.99F);
		assertThat(answer.file().doubles("G")).containsExactly(0.010000001F);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "4", "2,2", "1,4,1" })
	void theAnswerHasTheShapeOfTheRequest(String dimensions) {
		List<Integer> shape = dimensions.isEmpty() ? List.of()
				: List.of(dimensions.split(",", -1)).stream().map(Integer::valueOf).toList();
		double[] ones = dimensions.isEmpty() ? new double[] { 1 } : new double[] { 1, 1, 1, 1 };
		Answer answer = this.client.step(new SafetensorsFile().doubles("parameter", shape, ones)
			.doubles("grad", shape, ones)
			.doubles("G", shape, ones));
		assertThat(answer.file().shape("parameter")).isEqualTo(shape);
		assertThat(answer.file().shape("G")).isEqualTo(shape);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "|json|safetensors", "*/*|json|safetensors", "application/*|json|safetensors",
					"application/json|json|json", "application/vnd.safetensors|safetensors|safetensors",
					"application/json, application/vnd.safetensors|json|safetensors",
					"application/json, text/plain, */*|json|safetensors",
					"application/json;q=0.5, application/vnd.safetensors|safetensors|safetensors",
					"application/json, application/vnd.safetensors;q=0.5|json|json",
					"application/json;q=0, */*|safetensors|safetensors",
					"application/vnd.safetensors;q=0, */*|json|json", "text/*, */*;q=0.1|json|safetensors" })
	void theAnswerComesAsTheRequestCameUnlessAcceptDecides(String accept, String ofJson, String ofTensors) {
		String[] headers = (accept != null) ? new String[] { "Accept", accept } : new String[] {};
		Answer tensors = this.client.step(small(), headers);
		assertThat(tensors.status()).as(tensors.body()).isEqualTo(200);
		assertThat(tensors.header("Content-Type")).endsWith(ofTensors);
		String[] withType = (accept != null) ? new String[] { "Content-Type", JSON, "Accept", accept }
				: new String[] { "Content-Type", JSON };
		Answer json = this.client.send("POST", "/adagrad/step", SMALL, withType);
		assertThat(json.header("Content-Type")).endsWith(ofJson);
	}

	@Test
	void whatCannotBeAnsweredIsRefusedInJson() {
		Answer answer = this.client.step(small(), "Accept", "text/html");
		assertThat(answer.status()).isEqualTo(406);
		assertThat(answer.problemCode()).isEqualTo("not-acceptable");
		Answer invalid = this.client.step(small().doubles("grad", Double.NaN), "Accept", SafetensorsFile.MEDIA_TYPE);
		assertThat(invalid.status()).isEqualTo(422);
		assertThat(invalid.problemCode()).isEqualTo("invalid-field");
		assertThat(invalid.json().at("/errors/0/pointer").asString()).isEqualTo("/grad/0");
	}

	@Test
	void refusalsNameThePlace() {
		Answer mixed = this.client.step(small().floats("grad", 1));
		assertThat(mixed.status()).isEqualTo(422);
		assertThat(mixed.problemCode()).isEqualTo("dtype-mismatch");
		assertThat(mixed.json().at("/errors/0/pointer").asString()).isEqualTo("/grad");
		Answer shorter = this.client.step(small().doubles("G", 1, 2));
		assertThat(shorter.problemCode()).isEqualTo("length-mismatch");
		assertThat(shorter.json().at("/lengths/G").asInt()).isEqualTo(2);
		Answer unknown = this.client.step(small().with("learning_rat", 1));
		assertThat(unknown.json().at("/errors/0/detail").asString()).contains("did you mean \"learning_rate\"?");
		Answer negative = this.client.step(small().doubles("G", -1));
		assertThat(negative.json().at("/errors/0/pointer").asString()).isEqualTo("/G/0");
		Answer empty = this.client.send("POST", "/adagrad/step", "", "Content-Type", SafetensorsFile.MEDIA_TYPE);
		assertThat(empty.status()).isEqualTo(400);
		assertThat(empty.problemCode()).isEqualTo("malformed-body");
		assertThat(empty.json().get("offset").asInt()).isEqualTo(0);
	}

}
