package dev.adagrad.session.http;

import java.util.List;
import java.util.UUID;

import dev.adagrad.SafetensorsFile;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// The calls of sessions in tensors, beside the same in JSON.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SafetensorsSessionTest {

	private static final String[] AS_JSON = { "Content-Type", "application/json" };

	@LocalServerPort
	private int port;

	private TestClient client;

	private final String session = "/adagrad/sessions/" + UUID.randomUUID();

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	private Answer call(String method, String path, String body, String... headers) {
		String[] all = List.of(List.of(AS_JSON), List.of(headers))
			.stream()
			.flatMap(List::stream)
			.toArray(String[]::new);
		return this.client.send(method, this.session + path, body, all);
	}

	private Answer tensors(String method, String path, SafetensorsFile file, String... headers) {
		return this.client.send(method, this.session + path, file, headers);
	}

	private SafetensorsFile state() {
		Answer answer = this.client.get(this.session + "/state", "Accept", SafetensorsFile.MEDIA_TYPE);
		assertThat(answer.status()).isEqualTo(200);
		return answer.file();
	}

	@Test
	void aSessionIsMadeOfTensorsAndOfTheirDType() {
		SafetensorsFile initial = new SafetensorsFile().with("epsilon", 0)
			.floats("G", 0, 0, 0)
			.floats("parameter", 1, 2, 3);
		Answer created = tensors("PUT", "", initial);
		assertThat(created.status()).as(created.body()).isEqualTo(201);
		assertThat(created.header("Content-Type")).isEqualTo("application/json");
		assertThat(created.json().get("dtype").asString()).isEqualTo("F32");
		assertThat(created.json().get("size").asInt()).isEqualTo(3);
		assertThat(tensors("PUT", "", initial).status()).isEqualTo(200);
		Answer again = call("PUT", "", json("{'epsilon':0,'dtype':'F32','G':[0,0,0],'parameter':[1,2,3]}"));
		assertThat(again.status()).as(again.body()).isEqualTo(200);
		Answer described = this.client.get(this.session, "Accept", SafetensorsFile.MEDIA_TYPE);
		assertThat(described.status()).isEqualTo(406);
	}

	@Test
	void stepsOfBothFormatsMixAndARetryMayComeInTheOther() {
		call("PUT", "", json("{'size':4,'initial_parameter_value':0,'epsilon':0}"));
		SafetensorsFile grad = new SafetensorsFile().doubles("grad", List.of(2, 2), 1, -1, 2, -2);
		Answer first = tensors("POST", "/step", grad, "Idempotency-Key", "one");
		assertThat(first.file().metadata()).containsEntry("step", "1");
		assertThat(first.file().shape("parameter")).isEqualTo(List.of(2, 2));
		assertThat(first.file().doubles("parameter")).containsExactly(-0.01, 0.01, -0.01, 0.01);
		Answer retry = call("POST", "/step", json("{'grad':[1,-1,2,-2]}"), "Idempotency-Key", "one");
		assertThat(retry.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(retry.body()).isEqualTo(json("{'step':1,'parameter':[-0.01,0.01,-0.01,0.01]}"));
		Answer replayed = tensors("POST", "/step", grad, "Idempotency-Key", "one");
		assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(replayed.response().body()).isEqualTo(first.response().body());
		Answer other = tensors("POST", "/step", new SafetensorsFile().doubles("grad", 9, 9, 9, 9), "Idempotency-Key",
				"one");
		assertThat(other.problemCode()).isEqualTo("idempotency-key-reused");
		Answer minimal = tensors("POST", "/step", grad, "Prefer", "return=minimal");
		assertThat(minimal.file().names()).isEmpty();
		assertThat(minimal.file().metadata()).containsEntry("step", "2");
		assertThat(state().shape("G")).isEqualTo(List.of(4));
		assertThat(state().doubles("G")).containsExactly(2, 2, 8, 8);
	}

	@Test
	void sparseStepsAndLookups() {
		call("PUT", "", json("{'size':1000000,'initial_parameter_value':0,'epsilon':0,'dtype':'F32'}"));
		Answer step = tensors("POST", "/step",
				new SafetensorsFile().with("include", "G").longs("indices", 999999, 3, 999999).floats("grad", 1, 2, 1));
		assertThat(step.file().longs("indices")).containsExactly(3, 999999);
		assertThat(step.file().shape("parameter")).isEqualTo(List.of(2));
		assertThat(step.file().doubles("G")).containsExactly(4, 4);
		Answer lookup = tensors("POST", "/state/lookup", new SafetensorsFile().longs("indices", 999999, 0));
		assertThat(lookup.file().longs("indices")).containsExactly(0, 999999);
		assertThat(lookup.file().doubles("G")).containsExactly(0, 4);
		Answer beyond = tensors("POST", "/state/lookup", new SafetensorsFile().longs("indices", 0, 1000000));
		assertThat(beyond.problemCode()).isEqualTo("index-out-of-range");
		assertThat(beyond.json().at("/errors/0/pointer").asString()).isEqualTo("/indices/1");
		Answer doubles = tensors("POST", "/step", new SafetensorsFile().longs("indices", 1).doubles("grad", 1));
		assertThat(doubles.problemCode()).isEqualTo("dtype-mismatch");
		assertThat(doubles.json().at("/errors/0/detail").asString()).contains("F64", "F32");
	}

	@Test
	void aStateGoesOutAndInAgainAndABadOneChangesNothing() {
		call("PUT", "", json("{'parameter':[1,2,3],'epsilon':0}"));
		call("POST", "/step", json("{'grad':[1,1,1]}"));
		SafetensorsFile before = state();
		SafetensorsFile bad = new SafetensorsFile().with("step", 7)
			.doubles("G", 1, 1, -1)
			.doubles("parameter", 0, 0, 0);
		Answer refused = tensors("PUT", "/state", bad);
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo("/G/2");
		assertThat(state().bytes()).isEqualTo(before.bytes());
		call("POST", "/step", json("{'grad':[5,5,5]}"));
		assertThat(tensors("PUT", "/state", before).status()).isEqualTo(204);
		assertThat(state().bytes()).isEqualTo(before.bytes());
		assertThat(this.client.get(this.session + "/state").body())
			.isEqualTo(json("{'step':1,'G':[1.0,1.0,1.0],'parameter':[0.99,1.99,2.99]}"));
	}

}
