package dev.adagrad.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// A step over HTTP, as a client meets it. Expected values come from the printed worked examples, or from IEEE
/// arithmetic done by hand in Python.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class StepApiTest {

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { """
			{"parameter": 1.0, "grad": 0.1, "G": 1.0} | 0.999 | 1.01""", """
			{"parameter": [1,2,3], "grad": [0.1,0.2,0.3], "G": [0,0,0]} | [0.99,1.99,2.99] | [0.01,0.04,0.09]""", """
			{"parameter": [0.5,-0.5,1], "grad": [0.5,-0.3,0.1], "G": [0.5,0.25,0.1]} \
			| [0.494,-0.495,0.997] | [0.75,0.34,0.11]""" })
	void theWorkedExamplesHold(String request, String parameter, String G) {
		Answer answer = this.client.step(request);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).isEqualTo("application/json");
		assertThat(rounded(answer.json().get("parameter"))).isEqualTo(parameter);
		assertThat(rounded(answer.json().get("G"))).isEqualTo(G);
		assertThat(answer.json().propertyNames()).containsExactly("parameter", "G");
	}

	private static String rounded(JsonNode numbers) {
		if (numbers.isNumber()) {
			return String.valueOf(Math.round(numbers.asDouble() * 1000) / 1000.0);
		}
		return numbers.valueStream().map(StepApiTest::rounded).toList().toString().replace(" ", "");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { """
			defaults | {"parameter":[1.0],"grad":[0.1],"G":[1.0]} | {"parameter":[0.999004962819691],"G":[1.01]}""", """
			scalar F32 | {"parameter":1,"grad":0.1,"G":0,"dtype":"F32"} | {"parameter":0.99,"G":0.010000001}""", """
			dtype first | {"dtype":"F32","parameter":1,"grad":0.1,"G":0} | {"parameter":0.99,"G":0.010000001}""", """
			torch preset | {"parameter":[1.0],"grad":[0.1],"G":[0.0],"preset":"torch"} \
			| {"parameter":[0.99000000001],"G":[0.010000000000000002]}""",
			"""
					named beats preset | {"parameter":[1.0],"grad":[1.0],"G":[0.0],"preset":"optax","learning_rate":0.5,"epsilon":0} \
					| {"parameter":[0.5],"G":[1.0]}""",
			"""
					include | {"parameter":[1.0,2.0],"grad":[0.1,0.0],"G":[0.0,0.0],"epsilon":0.0,\
					"include":["effective_learning_rate","update"]} | {"parameter":[0.99,2.0],"G":[0.010000000000000002,0.0],\
					"effective_learning_rate":[0.09999999999999999,0.0],"update":[0.01,0.0]}""",
			"""
					zero stays | {"parameter":[-0.0],"grad":[0],"G":[0],"epsilon":0} | {"parameter":[-0.0],"G":[0.0]}""",
			"""
					epsilon_placement | {"parameter":[1.0],"grad":[0.1],"G":[0.0],"epsilon":0.01,"epsilon_placement":"inside_sqrt"} \
					| {"parameter":[0.9929289321881345],"G":[0.010000000000000002]}""",
			"""
					weight_decay_mode | {"parameter":[1.0],"grad":[0.1],"G":[0.5],"weight_decay":0.1,"weight_decay_mode":"decoupled"} \
					| {"parameter":[0.9975997199355798],"G":[0.51]}""",
			"""
					weight_decay | {"parameter":[1.0],"grad":[0.1],"G":[0.5],"weight_decay":0.1} \
					| {"parameter":[0.997278344767278],"G":[0.54]}""", """
					clip_value | {"parameter":[1.0,1.0],"grad":[3.0,4.0],"G":[0.5,0.5],"clip_value":0.25} \
					| {"parameter":[0.9966666667111111,0.9966666667111111],"G":[0.5625,0.5625]}""", """
					clip_norm | {"parameter":[1.0,1.0],"grad":[3.0,4.0],"G":[0.5,0.5],"clip_norm":0.25} \
					| {"parameter":[0.99792485663711,0.997278344767278],"G":[0.5225,0.54]}""", """
					maximize | {"parameter":[1.0],"grad":[0.1],"G":[0.5],"maximize":true} \
					| {"parameter":[1.0014002800644202],"G":[0.51]}""", """
					the first step has no decay yet | {"parameter":[1.0],"grad":[0.1],"G":[0.5],"lr_decay":1.0} \
					| {"parameter":[0.9985997199355798],"G":[0.51]}""", """
					the third step has | {"parameter":[1.0],"grad":[0.1],"G":[0.5],"lr_decay":1.0,"step":3} \
					| {"parameter":[0.9995332399785266],"G":[0.51]}""",
			"""
					l1 and l2 | {"parameter":[1.0,-0.001,-0.0],"grad":[0.1,0.1,0.1],"G":[0.5,0.5,0.5],"l1":0.5,"l2":0.25} \
					| {"parameter":[0.9881391407642655,-0.0,-0.0],"G":[0.51,0.51,0.51]}""",
			"""
					−0 is ≥ 0 | {"parameter":[1.0],"grad":[0.1],"G":[0.5],"learning_rate":-0.0,"epsilon":-0.0,"lr_decay":-0.0,"weight_decay":-0.0} \
					| {"parameter":[1.0],"G":[0.51]}""" })
	void answersExactlyThis(String name, String request, String expected) {
		Answer answer = this.client.step(request);
		assertThat(answer.body()).as(name).isEqualTo(expected);
	}

	@Test
	void aStepOfManyElementsComesBackWhole() {
		int n = 100_000;
		String ones = "[" + "1.0,".repeat(n - 1) + "1.0]";
		Answer answer = this.client.step(
				json("{'parameter':") + ones + json(",'grad':") + ones + json(",'G':") + ones + json(",'epsilon':0}"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.json().get("G").size()).isEqualTo(n);
		// 1 − 0.01/√2 in doubles
		assertThat(answer.json().get("parameter").valueStream().mapToDouble(JsonNode::asDouble).distinct().toArray())
			.containsExactly(0.9929289321881345);
	}

	@Test
	void theAnswerIsTheNextRequestOfATrainingLoop() {
		JsonMapper json = JsonMapper.builder().build();
		double parameter = 5;
		double G = 0;
		for (int step = 1; step <= 300; step++) {
			double grad = 2 * parameter;
			Answer answer = this.client.step(json.writeValueAsString(new Loop(parameter, grad, G, 1.0)));
			parameter = answer.json().get("parameter").asDouble();
			G = answer.json().get("G").asDouble();
		}
		assertThat(parameter).as("the minimum of θ² is at 0").isBetween(-1e-3, 1e-3);
	}

	private record Loop(double parameter, double grad, @JsonProperty("G") double G,
			@JsonProperty("learning_rate") double learningRate) {
	}

}
