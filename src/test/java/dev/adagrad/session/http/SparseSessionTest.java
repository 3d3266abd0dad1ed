package dev.adagrad.session.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Sparse steps and reads over HTTP, as a client meets them.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "adagrad.store.durability=os")
class SparseSessionTest {

	private static final int TORCH_CASES = 22;

	@LocalServerPort
	private int port;

	private TestClient client;

	private SessionClient session;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
		this.session = SessionClient.fresh(this.client);
	}

	static List<JsonNode> torchCases() throws IOException {
		try (InputStream in = SparseSessionTest.class.getResourceAsStream("/vectors/torch-adagrad-sparse.json")) {
			return JsonMapper.shared().readTree(in).get("cases").valueStream().toList();
		}
	}

	@Test
	void theTorchCasesAreAllThere() throws IOException {
		assertThat(torchCases()).hasSize(TORCH_CASES);
	}

	/// 2⁴⁰ elements, of which two are touched; 2⁵³ + 1 is no double, and must not be
	/// taken for 2⁵³.
	@Test
	void aSessionMayBeLargerThanAnyMachine() {
		this.session.created(json("{'size':1099511627776,'initial_parameter_value':1,'learning_rate':1,'epsilon':0}"));
		assertThat(this.session.describe().json().get("size").asLong()).isEqualTo(1L << 40);
		Answer step = this.session
			.step(json("{'grad':[2,3,-2],'indices':[1099511627775,2147483648,1099511627775]," + "'include':['G']}"));
		assertThat(step.body())
			.isEqualTo(json("{'step':1,'indices':[2147483648,1099511627775],'parameter':[0.0,1.0],'G':[9.0,0.0]}"));
		assertThat(
				this.client.get("/adagrad/sessions/" + this.session.id() + "/state?indices=1099511627775,7,2147483648")
					.body())
			.isEqualTo(json(
					"{'step':1,'indices':[7,2147483648,1099511627775],'G':[0.0,9.0,0.0],'parameter':[1.0,0.0,1.0]}"));
		for (String index : List.of("1099511627776", "9007199254740993", "9223372036854775807")) {
			Answer beyond = this.session.step(json("{'grad':[1],'indices':[" + index + "]}"));
			assertThat(beyond.json().at("/errors/0/detail").asString())
				.isEqualTo("must be within 0 … 1099511627775, was " + index);
		}
	}

	@Test
	void whatNoCallCanCarryIsRefusedWithTheCallsToUseInstead() {
		this.session.created(json("{'size':16777217}"));
		Answer dense = this.session.step(json("{'grad':[1],'parameter':[1]}"));
		assertThat(dense.status()).isEqualTo(422);
		assertThat(dense.json().at("/errors/0/pointer").asString()).isEqualTo("/indices");
		assertThat(dense.json().at("/errors/0/detail").asString())
			.isEqualTo("is required: the session has 16777217 elements, and one call carries at most 16777216; "
					+ "step some of them: indices, and grad at these");
		Answer state = this.session.state();
		assertThat(state.status()).isEqualTo(422);
		assertThat(state.body()).contains("ask for some of them: ?indices=… or POST …/state/lookup");
		Answer restored = this.session.restore(json("{'step':1,'G':[1]}"));
		assertThat(restored.status()).isEqualTo(422);
		assertThat(restored.json().at("/errors/0/pointer").asString()).isEqualTo("/G");
		assertThat(this.session.step(json("{'grad':[1],'parameter':[1],'indices':[16777216]}")).status())
			.isEqualTo(200);
	}

	/// Each step starts from PyTorch's own state, so that errors do not add up.
	@ParameterizedTest(name = "case {index}")
	@MethodSource("torchCases")
	void theTrajectoriesOfTorchHold(JsonNode vector) {
		DType dtype = DType.valueOf(vector.get("dtype").stringValue());
		double unit = (dtype == DType.F64) ? 0x1p-52 : 0x1p-23;
		StringBuilder creation = new StringBuilder(json("{'dtype':'" + vector.get("dtype").asString() + "','parameter':"
				+ vector.get("parameter") + ",'preset':'torch'"));
		vector.get("hyperparameters").forEachEntry((name, value) -> creation.append(json(",'" + name + "':" + value)));
		this.session.created(creation.append('}').toString());
		double[] parameter = doubles(vector.get("parameter"));
		int t = 0;
		for (JsonNode step : vector.get("steps")) {
			t++;
			JsonNode answer = this.session
				.step(json("{'indices':" + step.get("indices") + ",'grad':" + step.get("grad")
						+ ",'include':['G','update']}"))
				.json();
			assertThat(answer.path("step").asInt()).as(answer.toString()).isEqualTo(t);
			double[] expectedParameter = doubles(step.get("parameter"));
			double[] expectedG = doubles(step.get("G"));
			int[] indices = ints(answer.get("indices"));
			assertThat(indices).isEqualTo(Arrays.stream(ints(step.get("indices"))).sorted().distinct().toArray());
			for (int k = 0; k < indices.length; k++) {
				int i = indices[k];
				double largest = Math.max(Math.abs(parameter[i]), Math.abs(doubles(answer.get("update"))[k]));
				assertThat(doubles(answer.get("parameter"))[k]).as("parameter[%d] after step %d", i, t)
					.isBetween(expectedParameter[i] - 16 * unit * largest, expectedParameter[i] + 16 * unit * largest);
				assertThat(doubles(answer.get("G"))[k]).as("G[%d] after step %d", i, t)
					.isBetween(expectedG[i] * (1 - 8 * unit), expectedG[i] * (1 + 8 * unit));
			}
			JsonNode state = this.session.state().json();
			for (int i = 0; i < parameter.length; i++) {
				if (Arrays.binarySearch(indices, i) < 0) {
					assertThat(dtype.round(state.at("/parameter/" + i).asDouble())).isEqualTo(parameter[i]);
				}
			}
			assertThat(this.session
				.restore(json("{'step':" + t + ",'G':" + step.get("G") + ",'parameter':" + step.get("parameter") + "}"))
				.status()).isEqualTo(204);
			parameter = expectedParameter;
		}
	}

	/// A sparse step equals the dense step with zeros elsewhere, at the indices touched,
	/// bit for bit; the sizes lie around the borders of chunks.
	@ParameterizedTest(name = "size {0}")
	@ValueSource(ints = { 1, 2, 127, 128, 129, 1000, 1025, 140_000 })
	void aSparseStepIsTheDenseOneAtTheIndicesTouched(int size) {
		RandomGenerator random = new SplittableRandom(size);
		for (String dtype : List.of("F64", "F32")) {
			for (boolean held : List.of(true, false)) {
				String creation = json(
						"{'size':" + size + ",'dtype':'" + dtype + "','initial_accumulator_value':0.1,'lr_decay':0.1"
								+ (held ? ",'initial_parameter_value':0.5}" : "}"));
				SessionClient sparse = SessionClient.fresh(this.client).created(creation);
				SessionClient dense = SessionClient.fresh(this.client).created(creation);
				for (int step = 1; step <= 3; step++) {
					int[] indices = random.ints(Math.min(size, 1 + random.nextInt(20)), 0, size).distinct().toArray();
					String[] zeros = new String[size];
					Arrays.fill(zeros, "0");
					String[] grad = new String[indices.length];
					for (int k = 0; k < indices.length; k++) {
						grad[k] = Double.toString(random.nextGaussian());
						zeros[indices[k]] = grad[k];
					}
					// dense first, so that there are chunks to be split, or sparse first
					boolean mixed = step == (held ? 1 : 2);
					String more = held ? "" : ",'parameter':" + repeated("0.5", mixed ? size : indices.length);
					String include = ",'include':['G','update','effective_learning_rate']}";
					Answer sparseAnswer = mixed
							? sparse.step(json("{'grad':" + Arrays.toString(zeros) + more + include))
							: sparse.step(json("{'indices':" + Arrays.toString(indices) + ",'grad':"
									+ Arrays.toString(grad) + more + include));
					JsonNode denseAnswer = dense
						.step(json("{'grad':" + Arrays.toString(zeros)
								+ (held ? "" : ",'parameter':" + repeated("0.5", size)) + include))
						.json();
					assertThat(sparseAnswer.status()).as(sparseAnswer.body()).isEqualTo(200);
					if (!mixed) {
						int[] ascending = Arrays.stream(indices).sorted().toArray();
						assertThat(ints(sparseAnswer.json().get("indices"))).isEqualTo(ascending);
						for (String name : List.of("parameter", "G", "update", "effective_learning_rate")) {
							for (int k = 0; k < ascending.length; k++) {
								assertThat(sparseAnswer.json().get(name).get(k)).as(name)
									.isEqualTo(denseAnswer.get(name).get(ascending[k]));
							}
						}
					}
				}
				assertThat(sparse.state().body()).isEqualTo(dense.state().body());
			}
		}
	}

	@Test
	void valuesOfOneIndexAreSummedAndAnsweredOnce() {
		this.session.created(json("{'size':10,'initial_parameter_value':1,'epsilon':0}"));
		Answer answer = this.session.step(json("{'indices':[7,3,7],'grad':[1,2,3],'include':['G']}"));
		assertThat(answer.body()).isEqualTo(json("{'step':1,'indices':[3,7],'parameter':[0.99,0.99],'G':[4.0,16.0]}"));
		assertThat(this.session.state().body())
			.isEqualTo(json("{'step':1,'G':[0.0,0.0,0.0,4.0,0.0,0.0,0.0,16.0,0.0,0.0],"
					+ "'parameter':[1.0,1.0,1.0,0.99,1.0,1.0,1.0,0.99,1.0,1.0]}"));
	}

	@Test
	void otherElementsSeeNoWeightDecayAndHaveNoPartInTheNorm() {
		this.session.created(json("{'parameter':[100,1,100],'epsilon':0,'weight_decay':1,'clip_norm':5}"));
		// g = 10 clipped to 5, + λθ = 6; G = 36; Δ = 0.01 · 6 / 6
		assertThat(this.session.step(json("{'indices':[1],'grad':[10],'include':['G']}")).body())
			.isEqualTo(json("{'step':1,'indices':[1],'parameter':[0.99],'G':[36.0]}"));
		assertThat(this.session.state().json().get("parameter").toString()).isEqualTo("[100.0,0.99,100.0]");
	}

	@Test
	void aSparseStepIsAppliedOnce() {
		this.session.created(json("{'size':5,'initial_parameter_value':0,'epsilon':0}"));
		SessionClient sent = SessionClient.fresh(this.client).created(json("{'size':5,'epsilon':0}"));
		String heldStep = json("{'indices':[4,1,4],'grad':[1,1,1]}");
		String sentStep = json("{'indices':[4,1,4],'grad':[1,1,1],'parameter':[2,3,2],'include':['update']}");
		Answer held = this.session.step(heldStep, "Idempotency-Key", "k");
		Answer first = sent.step(sentStep, "Idempotency-Key", "k");
		assertThat(this.session.step(heldStep, "Idempotency-Key", "k").body()).isEqualTo(held.body());
		assertThat(sent.step(sentStep, "Idempotency-Key", "k").body()).isEqualTo(first.body());
		assertThat(first.body())
			.isEqualTo(json("{'step':1,'indices':[1,4],'parameter':[2.99,1.99],'update':[0.01,0.01]}"));
		for (String other : List.of(json("{'indices':[1,4,4],'grad':[1,1,1]}"),
				json("{'indices':[4,1,3],'grad':[1,1,1]}"), json("{'grad':[0,1,0,0,2]}"))) {
			assertThat(this.session.step(other, "Idempotency-Key", "k").problemCode())
				.isEqualTo("idempotency-key-reused");
		}
		this.session.step(json("{'indices':[1],'grad':[0]}"));
		Answer later = this.session.step(heldStep, "Idempotency-Key", "k");
		assertThat(later.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(later.body())
			.isEqualTo(json("{'step':2,'applied_step':1,'indices':[1,4],'parameter':[-0.01,-0.01]}"));
	}

	/// −0 is 0, also to whom compares two parameters of one element, or two requests.
	@Test
	void theSignOfAZeroIsNoDisagreement() {
		this.session.created(json("{'size':3}"));
		Answer first = this.session.step(json("{'indices':[2,0,2],'grad':[0,0,0],'parameter':[-0.0,1,0]}"),
				"Idempotency-Key", "k");
		assertThat(first.body()).isEqualTo(json("{'step':1,'indices':[0,2],'parameter':[1.0,-0.0]}"));
		Answer again = this.session.step(json("{'indices':[2,0,2],'grad':[0,0,-0.0],'parameter':[0,1,-0.0]}"),
				"Idempotency-Key", "k");
		assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(again.body()).isEqualTo(json("{'step':1,'indices':[0,2],'parameter':[1.0,0.0]}"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{'indices':[0,3],'grad':[1,1]} | index-out-of-range | /indices/1",
					"{'indices':[-1],'grad':[1]} | index-out-of-range | /indices/0",
					"{'indices':[0,99999999999],'grad':[1,1]} | index-out-of-range | /indices/1",
					"{'indices':[0.5],'grad':[1]} | invalid-field | /indices/0",
					"{'indices':[],'grad':[1]} | invalid-field | /indices",
					"{'indices':1,'grad':[1]} | invalid-field | /indices",
					"{'indices':[0],'grad':[1,1]} | length-mismatch | /grad",
					"{'indices':[0,1],'grad':[1,1],'parameter':[1]} | length-mismatch | /parameter",
					"{'indices':[1,0,1],'grad':[1,1,1],'parameter':[1,2,3]} | invalid-field | /parameter/2" })
	void aSparseStepWithAnythingBadChangesNothing(String step, String code, String pointer) {
		this.session.created(json("{'size':3}"));
		String whole = step.contains("parameter") ? step
				: step.replace("}", ",'parameter':" + step.replaceAll(".*'grad':(\\[[^]]*]).*", "$1") + "}");
		Answer refused = this.session.step(json(whole));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isEqualTo(code);
		assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
		assertThat(this.session.state().body()).isEqualTo(json("{'step':0,'G':[0.0,0.0,0.0]}"));
	}

	@Test
	void anOverflowIsToldByTheElementsIndex() {
		this.session.created(json("{'size':100,'initial_parameter_value':0}"));
		JsonNode square = this.session.step(json("{'indices':[9,42],'grad':[1,1e200]}")).json();
		assertThat(square.get("code").asString()).isEqualTo("non-finite-result");
		assertThat(square.get("tensor").asString() + square.get("index")).isEqualTo("G42");
		JsonNode sum = this.session.step(json("{'indices':[9,42,42],'grad':[1,1e308,1e308]}")).json();
		assertThat(sum.get("tensor").asString() + sum.get("index")).isEqualTo("grad42");
		assertThat(this.session.describe().json().get("step").asInt()).isZero();
	}

	@Test
	void elementsAreReadByTheirIndices() {
		this.session.created(json("{'G':[0,1,2,3,4],'parameter':[5,6,7,8,9],'step':3}"));
		String expected = json("{'step':3,'indices':[1,4],'G':[1.0,4.0],'parameter':[6.0,9.0]}");
		Answer read = this.client.get("/adagrad/sessions/" + this.session.id() + "/state?indices=4,1,4");
		assertThat(read.body()).isEqualTo(expected);
		assertThat(read.header("ETag")).isEqualTo(this.session.describe().header("ETag"));
		assertThat(lookup(json("{'indices':[4,1,4]}")).body()).isEqualTo(expected);
		assertThat(lookup(json("{'indices':[5]}")).problemCode()).isEqualTo("index-out-of-range");
		assertThat(lookup("{}").problemCode()).isEqualTo("invalid-field");
		for (String bad : List.of("5", "-1", "1,99999999999999999999")) {
			Answer refused = this.client.get("/adagrad/sessions/" + this.session.id() + "/state?indices=" + bad);
			assertThat(refused.status()).isEqualTo(422);
			assertThat(refused.problemCode()).isEqualTo("index-out-of-range");
		}
		for (String bad : List.of("", "a", "1,,2", "1.5", ",1")) {
			Answer refused = this.client.get("/adagrad/sessions/" + this.session.id() + "/state?indices=" + bad);
			assertThat(refused.problemCode()).isEqualTo("invalid-field");
		}
		assertThat(this.client
			.get("/adagrad/sessions/" + this.session.id() + "/state?indices=1", "If-None-Match", read.header("ETag"))
			.status()).isEqualTo(304);
	}

	private Answer lookup(String body) {
		return this.client.send("POST", "/adagrad/sessions/" + this.session.id() + "/state/lookup", body,
				"Content-Type", "application/json");
	}

	private static String repeated(String value, int count) {
		return IntStream.range(0, count).mapToObj((i) -> value).toList().toString();
	}

	private static double[] doubles(JsonNode array) {
		return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
	}

	private static int[] ints(JsonNode array) {
		return array.valueStream().mapToInt(JsonNode::asInt).toArray();
	}

}
