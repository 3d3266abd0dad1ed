package dev.adagrad.session.http;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import dev.adagrad.session.OptimizerId;
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

/// Sessions over HTTP, as a client meets them. Numbers come from the printed worked examples or from IEEE arithmetic done
/// in Python, or are held against the stateless step.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SessionApiTest {

	@LocalServerPort
	private int port;

	private TestClient client;

	private SessionClient session;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
		this.session = SessionClient.fresh(this.client);
	}

	@Test
	void theServerKeepsGAndTheStepIsThatOfTheWorkedExample() {
		this.session.created(json("{'size':3}"));
		Answer first = this.session.step(json("{'parameter':[1,2,3],'grad':[0.1,0.2,0.3]}"));
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.body())
			.isEqualTo(json("{'step':1,'parameter':[0.9900000009999999,1.9900000005,2.990000000333333]}"));
		assertThat(this.session.state().body())
			.isEqualTo(json("{'step':1,'G':[0.010000000000000002,0.04000000000000001,0.09]}"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{'dtype':'F32'}", "{'preset':'torch','weight_decay':0.1}",
			"{'preset':'keras','weight_decay':0.1}", "{'lr_decay':0.5,'clip_norm':0.1}",
			"{'maximize':true,'clip_value':0.2,'initial_accumulator_value':0.7}" })
	void manyStepsGiveWhatTheStatelessStepGives(String hyperparameters) {
		String inside = hyperparameters.substring(1, hyperparameters.length() - 1);
		String comma = inside.isEmpty() ? "" : ",";
		SessionClient held = SessionClient.fresh(this.client)
			.created(json("{'parameter':[1.5,-2.25,0.125]" + comma + inside + "}"));
		SessionClient sent = this.session.created(json("{'size':3" + comma + inside + "}"));
		JsonNode initial = sent.state().json();
		String G = initial.get("G").toString();
		String parameter = "[1.5,-2.25,0.125]";
		String stateless = inside.replaceAll(",?'initial_accumulator_value':[0-9.]+", "");
		String statelessComma = stateless.isEmpty() ? "" : ",";
		for (int step = 1; step <= 5; step++) {
			String grad = "[" + 0.1 * step + ",-0.3,0.0]";
			JsonNode expected = this.client
				.step(json("{'parameter':" + parameter + ",'grad':" + grad + ",'G':" + G + ",'step':" + step
						+ ",'include':['update','effective_learning_rate']" + statelessComma + stateless + "}"))
				.json();
			String include = ",'include':['update','effective_learning_rate','G']}";
			JsonNode actual = sent.step(json("{'parameter':" + parameter + ",'grad':" + grad + include)).json();
			JsonNode actuallyHeld = held.step(json("{'grad':" + grad + include)).json();
			for (String name : List.of("parameter", "G", "update", "effective_learning_rate")) {
				assertThat(actual.get(name)).as(name).isEqualTo(expected.get(name));
				assertThat(actuallyHeld.get(name)).as(name).isEqualTo(expected.get(name));
			}
			assertThat(actual.get("step").asInt()).isEqualTo(step);
			parameter = expected.get("parameter").toString();
			G = expected.get("G").toString();
		}
		assertThat(held.state().body()).isEqualTo(json("{'step':5,'G':" + G + ",'parameter':" + parameter + "}"));
	}

	@Test
	void metricsAreTheAnswerWhereNoTensorsAreWanted() {
		this.session.created(json("{'parameter':[1,1,5],'learning_rate':1,'epsilon':0,'l2':1}"));
		Answer answer = this.session.step(json("{'grad':[3,1],'indices':[0,0],'include':['metrics','G']}"), "Prefer",
				"return=minimal");
		// 3 + 1 = 4, so G = 16 and a = 1/4: (1 − 1) / (1 + 1/4) = 0
		assertThat(answer.body()).isEqualTo(json("{'step':1,'metrics':{'learning_rate':1.0,'grad_norm':4.0,"
				+ "'clip_factor':1.0,'update_norm':1.0,'parameter_norm':0.0,'touched':1}}"));
		String key = "some key";
		Answer dense = this.session.step(json("{'grad':[0,2,0],'include':['metrics']}"), "Idempotency-Key", key);
		assertThat(dense.json().get("metrics").get("grad_norm").asDouble()).isEqualTo(2);
		Answer again = this.session.step(json("{'grad':[0,2,0],'include':['metrics']}"), "Idempotency-Key", key);
		assertThat(again.json().get("metrics").propertyNames()).containsExactly("learning_rate", "grad_norm",
				"clip_factor", "parameter_norm", "touched");
	}

	@Test
	void aSessionIsDescribedWithAllThatIsInForce() {
		Answer created = this.session.create(json("{'size':3,'preset':'keras','ttl_seconds':60,'step':7}"));
		assertThat(created.status()).isEqualTo(201);
		assertThat(created.header("Location")).isEqualTo("/adagrad/sessions/" + this.session.id());
		assertThat(created.header("ETag")).matches("\"7-[0-9a-f]{16}\"");
		JsonNode description = created.json();
		assertThat(description.propertyNames()).containsExactly("id", "size", "dtype", "step", "holds_parameter",
				"allocated_bytes", "learning_rate", "epsilon", "epsilon_placement", "lr_decay", "weight_decay",
				"weight_decay_mode", "l1", "l2", "maximize", "initial_accumulator_value", "ttl_seconds", "created_at",
				"updated_at", "expires_at");
		assertThat(created.body()).startsWith(json("{'id':'" + this.session.id()
				+ "','size':3,'dtype':'F64','step':7,'holds_parameter':false,'allocated_bytes':0,'learning_rate':0.001,"
				+ "'epsilon':1.0E-7,'epsilon_placement':'inside_sqrt','lr_decay':0.0,'weight_decay':0.0,"
				+ "'weight_decay_mode':'decoupled','l1':0.0,'l2':0.0,'maximize':false,'initial_accumulator_value':0.1,"
				+ "'ttl_seconds':60,'created_at':'"));
		assertThat(Duration.between(Instant.parse(description.get("updated_at").asString()),
				Instant.parse(description.get("expires_at").asString())))
			.isEqualTo(Duration.ofSeconds(60));
		assertThat(this.session.describe().body()).isEqualTo(created.body());
		assertThat(this.session.describe().header("ETag")).isEqualTo(created.header("ETag"));
	}

	@Test
	void theServerMakesAnIdWhereTheClientHasNone() {
		Answer created = this.client.send("POST", "/adagrad/sessions", json("{'size':1}"), "Content-Type",
				"application/json");
		assertThat(created.status()).isEqualTo(201);
		assertThat(created.header("Location")).isEqualTo("/adagrad/sessions/" + created.json().get("id").asString());
		assertThat(this.client.get(created.header("Location")).body()).isEqualTo(created.body());
	}

	@Test
	void aCreationRepeatedResetsNothing() {
		this.session.created(json("{'G':[1,2],'preset':'torch'}"));
		for (int i = 0; i < 3; i++) {
			assertThat(this.session.step(json("{'parameter':[0,0],'grad':[1,1]}")).status()).isEqualTo(200);
		}
		Answer state = this.session.state();
		Answer again = this.session.create(json("{'G':[1.0,2e0],'learning_rate':0.01,'epsilon':1e-10}"));
		assertThat(again.status()).isEqualTo(200);
		assertThat(again.json().get("step").asInt()).isEqualTo(3);
		assertThat(this.session.state().body()).isEqualTo(state.body());
		assertThat(again.header("ETag")).isEqualTo(state.header("ETag"));
		Answer other = this.session.create(json("{'G':[1,2],'learning_rate':0.5}"));
		assertThat(other.status()).isEqualTo(409);
		assertThat(other.problemCode()).isEqualTo("session-exists");
		assertThat(other.json().get("detail").asString()).contains("learning_rate was 0.01, not 0.5")
			.contains("epsilon was 1.0E-10, not 1.0E-8");
		Answer otherG = this.session.create(json("{'G':[1,3],'preset':'torch'}"));
		assertThat(otherG.json().get("detail").asString()).contains("G started from other values");
	}

	@Test
	void oneValueForAllIsTheSameAsThatValueForEach() {
		this.session.created(json("{'size':3,'initial_accumulator_value':0.5,'initial_parameter_value':-0.0}"));
		assertThat(this.session.create(json("{'G':[0.5,0.5,0.5],'parameter':[-0.0,-0.0,-0.0]}")).status())
			.isEqualTo(200);
		assertThat(this.session.create(json("{'G':[0.5,0.5,0.5],'parameter':[0,-0.0,-0.0]}")).status()).isEqualTo(409);
		assertThat(this.session.state().body())
			.isEqualTo(json("{'step':0,'G':[0.5,0.5,0.5],'parameter':[-0.0,-0.0,-0.0]}"));
	}

	@Test
	void aKeyIsAppliedOnceAndItsAnswerIsGivenAgain() {
		this.session.created(json("{'size':2}"));
		String request = json("{'parameter':[1,2],'grad':[0.5,-0.25]}");
		Answer first = this.session.step(request, "Idempotency-Key", "k1");
		for (String key : List.of("k1", "\"k1\"")) {
			Answer again = this.session.step(request, "Idempotency-Key", key);
			assertThat(again.status()).isEqualTo(200);
			assertThat(again.body()).isEqualTo(first.body());
			assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
			assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
		}
		assertThat(first.header("Idempotency-Replayed")).isEmpty();
		Answer shaped = this.session
			.step("""
					{"grad": [5e-1, -0.25], "include": ["G", "update", "effective_learning_rate"], "parameter": [1.0, 2.0]}""",
					"Idempotency-Key", "k1");
		assertThat(shaped.json().get("G").toString()).isEqualTo("[0.25,0.0625]");
		assertThat(shaped.json().get("update").toString()).isEqualTo("[0.009999999800000003,-0.009999999600000016]");
		assertThat(shaped.json().get("parameter")).isEqualTo(first.json().get("parameter"));
		assertThat(this.session.step(request, "Idempotency-Key", "k1", "Prefer", "return=minimal").body())
			.isEqualTo(json("{'step':1}"));
		assertThat(this.session.describe().json().get("step").asInt()).isEqualTo(1);
	}

	@Test
	void aHeldParameterIsAnsweredAgainWithoutItsUpdate() {
		this.session.created(json("{'parameter':[1,2]}"));
		String request = json("{'grad':[0.5,-0.25],'include':['G','update','effective_learning_rate']}");
		Answer first = this.session.step(request, "Idempotency-Key", "k1");
		Answer again = this.session.step(request, "Idempotency-Key", "k1");
		assertThat(again.status()).isEqualTo(200);
		assertThat(first.json().propertyNames()).contains("update");
		assertThat(again.json().propertyNames()).containsExactly("step", "parameter", "G", "effective_learning_rate");
		for (String name : again.json().propertyNames()) {
			assertThat(again.json().get(name)).as(name).isEqualTo(first.json().get(name));
		}
	}

	@Test
	void aKeyThatOthersHaveSteppedPastIsNotAppliedAgain() {
		this.session.created(json("{'size':1}"));
		SessionClient held = SessionClient.fresh(this.client).created(json("{'parameter':[1]}"));
		String request = json("{'parameter':[1],'grad':[1]}");
		this.session.step(request, "Idempotency-Key", "k1");
		held.step(json("{'grad':[1]}"), "Idempotency-Key", "k1");
		this.session.step(request);
		Answer other = held.step(json("{'grad':[2]}"), "Idempotency-Key", "k2");
		Answer gone = this.session.step(request, "Idempotency-Key", "k1");
		assertThat(gone.status()).isEqualTo(409);
		assertThat(gone.problemCode()).isEqualTo("step-superseded");
		assertThat(gone.json().get("applied_step").asInt()).isEqualTo(1);
		Answer current = held.step(json("{'grad':[1],'include':['G']}"), "Idempotency-Key", "k1", "If-Match", "\"0\"");
		assertThat(current.status()).isEqualTo(200);
		assertThat(current.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(current.header("ETag")).isEqualTo(other.header("ETag"));
		assertThat(current.body())
			.isEqualTo(json("{'step':2,'applied_step':1,'parameter':" + other.json().get("parameter") + ",'G':[5.0]}"));
		assertThat(held.step(json("{'grad':[1]}"), "Idempotency-Key", "k1", "Prefer", "return=minimal").body())
			.isEqualTo(json("{'step':2,'applied_step':1}"));
		assertThat(this.session.describe().json().get("step").asInt()).isEqualTo(2);
		assertThat(held.describe().json().get("step").asInt()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'parameter':[1],'grad':[2]}", "{'parameter':[2],'grad':[1]}",
			"{'parameter':[1],'grad':[1],'learning_rate':0.5}", "{'parameter':[1],'grad':[1],'learning_rate':0.01}",
			"{'parameter':[1],'grad':[-1]}" })
	void anotherRequestUnderAUsedKeyIsRefused(String other) {
		this.session.created(json("{'size':1}"));
		this.session.step(json("{'parameter':[1],'grad':[1]}"), "Idempotency-Key", "k");
		Answer refused = this.session.step(json(other), "Idempotency-Key", "k");
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isEqualTo("idempotency-key-reused");
		assertThat(refused.json().get("detail").asString()).contains("grad, parameter, indices or learning_rate");
		assertThat(this.session.describe().json().get("step").asInt()).isEqualTo(1);
	}

	/// Not so for what a session starts from, which is compared bit for bit.
	@ParameterizedTest
	@ValueSource(strings = { "F64", "F32" })
	void aRetryMayLoseTheSignOfZero(String dtype) {
		this.session.created(json("{'dtype':'" + dtype + "','parameter':[0,0]}"));
		String request = json("{'grad':[0.0,-0.0],'learning_rate':-0.0,'indices':[0,1]}");
		this.session.step(request, "Idempotency-Key", "k");
		for (String other : List.of(request, request.replace("-0.0", "0"), request.replace("[0.0", "[-0.0"))) {
			Answer again = this.session.step(other, "Idempotency-Key", "k");
			assertThat(again.status()).as(other).isEqualTo(200);
			assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
		}
		assertThat(this.session.step(request.replace("[0.0", "[1.0"), "Idempotency-Key", "k").status()).isEqualTo(422);
		assertThat(this.session.create(json("{'dtype':'" + dtype + "','parameter':[0,-0.0]}")).status()).isEqualTo(409);
	}

	@ParameterizedTest
	@ValueSource(strings = { "W/TAG", "SUFFIXED-gzip", "SUFFIXED;br" })
	void anETagThatAProxyHasChangedIsExplained(String form) {
		this.session.created(json("{'size':1}"));
		String tag = this.session.describe().header("ETag");
		String changed = form.startsWith("W/") ? "W/" + tag
				: tag.replaceFirst("\"$", form.substring("SUFFIXED".length()) + "\"");
		Answer refused = this.session.step(json("{'parameter':[1],'grad':[1]}"), "If-Match", changed);
		assertThat(refused.status()).isEqualTo(412);
		assertThat(refused.problemCode()).isEqualTo("step-mismatch");
		assertThat(refused.json().get("detail").asString()).contains("a proxy has changed its ETag", "send " + tag);
		assertThat(this.session.step(json("{'parameter':[1],'grad':[1]}"), "If-Match", "W/\"7-0\"")
			.json()
			.get("detail")
			.asString()).doesNotContain("proxy");
	}

	@Test
	void aRefusedStepLeavesItsKeyFree() {
		this.session.created(json("{'size':1}"));
		String overflowing = json("{'parameter':[1],'grad':[1e200]}");
		Answer refused = this.session.step(overflowing, "Idempotency-Key", "k");
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isEqualTo("non-finite-result");
		assertThat(this.session.state().body()).isEqualTo(json("{'step':0,'G':[0.0]}"));
		assertThat(this.session.step(json("{'parameter':[1],'grad':[1]}"), "Idempotency-Key", "k").status())
			.isEqualTo(200);
	}

	@Test
	void aPreconditionHoldsForAnETagOrABareStep() {
		this.session.created(json("{'size':1}"));
		String request = json("{'parameter':[1],'grad':[1]}");
		String before = this.session.describe().header("ETag");
		Answer first = this.session.step(request, "If-Match", before);
		assertThat(first.status()).isEqualTo(200);
		assertThat(this.session.step(request, "If-Match", json("'0', '1'")).status()).isEqualTo(200);
		assertThat(this.session.step(request, "If-Match", "*").status()).isEqualTo(200);
		Answer refused = this.session.step(request, "If-Match", first.header("ETag"));
		assertThat(refused.status()).isEqualTo(412);
		assertThat(refused.problemCode()).isEqualTo("step-mismatch");
		assertThat(refused.json().get("step").asInt()).isEqualTo(3);
		assertThat(refused.header("ETag")).isEqualTo(this.session.describe().header("ETag"));
		Answer malformed = this.session.step(request, "If-Match", "3");
		assertThat(malformed.status()).isEqualTo(400);
		assertThat(malformed.problemCode()).isEqualTo("malformed-header");
		assertThat(this.session.delete("If-Match", "\"2\"").status()).isEqualTo(412);
		assertThat(this.session.restore(json("{'step':0,'G':[0]}"), "If-Match", "\"2\"").status()).isEqualTo(412);
		assertThat(this.session.describe().json().get("step").asInt()).isEqualTo(3);
		assertThat(this.session.delete("If-Match", "\"3\"").status()).isEqualTo(204);
	}

	@Test
	void aStateThatTheClientHasIsNotSentAgain() {
		this.session.created(json("{'size':1}"));
		Answer state = this.session.state();
		Answer again = this.session.state("If-None-Match", state.header("ETag"));
		assertThat(again.status()).isEqualTo(304);
		assertThat(again.body()).isEmpty();
		assertThat(again.header("ETag")).isEqualTo(state.header("ETag"));
		assertThat(this.session.describe("If-None-Match", "W/" + state.header("ETag")).status()).isEqualTo(304);
		this.session.step(json("{'parameter':[1],'grad':[1]}"));
		assertThat(this.session.state("If-None-Match", state.header("ETag")).status()).isEqualTo(200);
		assertThat(this.session.create(json("{'size':1}"), "If-None-Match", "*").status()).isEqualTo(412);
		assertThat(SessionClient.fresh(this.client).create(json("{'size':1}"), "If-None-Match", "*").status())
			.isEqualTo(201);
	}

	@Test
	void preconditionsHoldOnEveryCallThatChangesSomething() {
		Answer absent = this.session.create(json("{'size':1}"), "If-Match", "*");
		assertThat(absent.status()).isEqualTo(412);
		assertThat(absent.problemCode()).isEqualTo("step-mismatch");
		assertThat(this.session.describe().status()).isEqualTo(404);
		this.session.created(json("{'size':1}"));
		assertThat(this.session.create(json("{'size':1}"), "If-Match", "\"0\"").status()).isEqualTo(200);
		assertThat(this.session.create(json("{'size':1}"), "If-Match", "\"1\"").status()).isEqualTo(412);
		String step = json("{'parameter':[1],'grad':[1]}");
		assertThat(this.session.step(step, "If-None-Match", "*").status()).isEqualTo(412);
		assertThat(this.session.restore(json("{'step':1,'G':[1]}"), "If-None-Match", "*").status()).isEqualTo(412);
		assertThat(this.session.delete("If-None-Match", this.session.describe().header("ETag")).status())
			.isEqualTo(412);
		assertThat(this.session.step(step, "If-None-Match", "\"another\"").status()).isEqualTo(200);
	}

	@Test
	void aPathParameterIsNotLeftOut() {
		this.session.created(json("{'size':1}"));
		Answer refused = this.client.send("DELETE", "/adagrad/sessions/" + this.session.id() + ";x=1", "");
		assertThat(refused.status()).isEqualTo(400);
		assertThat(refused.problemCode()).isEqualTo("malformed-header");
		assertThat(this.session.describe().status()).isEqualTo(200);
	}

	@Test
	void aRestoreForgetsWhatItUndidAndBeginsANewLife() {
		this.session.created(json("{'parameter':[1]}"));
		for (int i = 1; i <= 3; i++) {
			this.session.step(json("{'grad':[" + i + "]}"), "Idempotency-Key", "k" + i);
		}
		String old = this.session.describe().header("ETag");
		Answer restored = this.session.restore(json("{'step':2,'G':[5],'parameter':[0.25]}"));
		assertThat(restored.status()).isEqualTo(204);
		assertThat(restored.body()).isEmpty();
		assertThat(restored.header("ETag")).startsWith("\"2-").isEqualTo(this.session.describe().header("ETag"));
		assertThat(this.session.state().body()).isEqualTo(json("{'step':2,'G':[5.0],'parameter':[0.25]}"));
		Answer superseded = this.session.step(json("{'grad':[2]}"), "Idempotency-Key", "k2");
		assertThat(superseded.json().get("applied_step").asInt()).isEqualTo(2);
		assertThat(superseded.json().get("parameter").toString()).isEqualTo("[0.25]");
		Answer anew = this.session.step(json("{'grad':[3]}"), "Idempotency-Key", "k3");
		assertThat(anew.header("Idempotency-Replayed")).isEmpty();
		assertThat(anew.json().get("step").asInt()).isEqualTo(3);
		assertThat(anew.header("ETag")).isNotEqualTo(old);
		assertThat(this.session.step(json("{'grad':[4]}"), "If-Match", old).status()).isEqualTo(412);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{'step':9,'G':[1,-1],'parameter':[1,2]} | /G/1",
					"{'step':9,'G':[1,1],'parameter':[1,1e39]} | /parameter/1",
					"{'step':9,'G':[1],'parameter':[1,2]} | /G", "{'step':9,'G':[1,1],'parameter':[1]} | /parameter",
					"{'step':9,'G':[1,1]} | /parameter", "{'step':-1,'G':[1,1],'parameter':[1,2]} | /step",
					"{'G':[1,1],'parameter':[1,2]} | /step", "{'step':9,'parameter':[1,2]} | /G",
					"{'step':9,'G':1,'parameter':[1,2]} | /G", "{'step':9,'G':[],'parameter':[1,2]} | /G" })
	void aStateWithAnythingBadChangesNothing(String state, String pointer) {
		this.session.created(json("{'parameter':[1,2],'dtype':'F32'}"));
		this.session.step(json("{'grad':[1,1]}"));
		Answer before = this.session.state();
		Answer refused = this.session.restore(json(state));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isIn("invalid-field", "length-mismatch");
		assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
		assertThat(this.session.state().body()).isEqualTo(before.body());
		assertThat(this.session.state().header("ETag")).isEqualTo(before.header("ETag"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{'grad':[1,2,3],'parameter':[1,2]} | length-mismatch | /grad",
					"{'grad':[1,2],'parameter':[1]} | length-mismatch | /parameter",
					"{'grad':[1,2]} | invalid-field | /parameter", "{'parameter':[1,2]} | invalid-field | /grad",
					"{'grad':1,'parameter':[1,2]} | invalid-field | /grad",
					"{'grad':[1,2],'parameter':[1,1e39]} | invalid-field | /parameter/1",
					"{'grad':[1,2],'parameter':[1,2],'learning_rate':-1} | invalid-field | /learning_rate",
					"{'grad':[1,2],'parameter':[1,2],'epsilon':1} | invalid-field | /epsilon",
					"{'grad':[1,2],'parameter':[1,2],'include':['g']} | invalid-field | /include/0" })
	void aStepWithAnythingBadChangesNothing(String step, String code, String pointer) {
		this.session.created(json("{'size':2,'dtype':'F32'}"));
		Answer refused = this.session.step(json(step), "Idempotency-Key", "k");
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isEqualTo(code);
		assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
		assertThat(this.session.state().body()).isEqualTo(json("{'step':0,'G':[0.0,0.0]}"));
	}

	@Test
	void bothLengthsAreNamed() {
		this.session.created(json("{'size':2}"));
		assertThat(this.session.step(json("{'grad':[1,2,3],'parameter':[1,2]}")).json().get("lengths").toString())
			.isEqualTo(json("{'grad':3,'size':2}"));
	}

	@Test
	void aHeldParameterIsNotTakenFromTheClient() {
		this.session.created(json("{'parameter':[1,2]}"));
		Answer refused = this.session.step(json("{'grad':[1,2],'parameter':[1,2]}"));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo("/parameter");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{} | /size", "{'size':2,'G':[1]} | /size",
			"{'size':2,'parameter':[1]} | /size",
			"{'G':[1],'initial_accumulator_value':1} | /initial_accumulator_value",
			"{'parameter':[1],'initial_parameter_value':1} | /initial_parameter_value",
			"{'G':[1],'initial_parameter_value':1} | /initial_parameter_value",
			"{'G':[1],'parameter':[1,2]} | /parameter", "{'G':[1,-2]} | /G/1", "{'G':[1,1e39],'dtype':'F32'} | /G/1",
			"{'size':0} | /size", "{'size':1099511627777} | /size", "{'size':9007199254740993} | /size",
			"{'size':1,'ttl_seconds':0} | /ttl_seconds", "{'size':1,'ttl_seconds':9223372036854775807} | /ttl_seconds",
			"{'size':1,'step':-1} | /step", "{'size':1,'initial_accumulator_value':-1} | /initial_accumulator_value",
			"{'size':1,'initial_accumulator_value':1e39,'dtype':'F32'} | /initial_accumulator_value",
			"{'size':1,'clip_norm':1,'clip_value':1} | /clip_norm", "{'size':1,'learning_rate':-1} | /learning_rate",
			"{'size':1,'G0':1} | /G0", "{'size':2.5} | /size", "{'size':'2'} | /size" })
	void aCreationWithAnythingBadCreatesNothing(String creation, String pointer) {
		Answer refused = this.session.create(json(creation));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isIn("invalid-field", "length-mismatch");
		assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
		assertThat(this.session.describe().status()).isEqualTo(404);
	}

	@Test
	void stepsCountIn64Bits() {
		this.session.created(json("{'size':1,'step':9007199254740993,'lr_decay':1e-16}"));
		Answer answer = this.session.step(json("{'parameter':[1],'grad':[1]}"), "If-Match", "\"9007199254740993\"");
		assertThat(answer.body()).startsWith(json("{'step':9007199254740994,"));
		SessionClient last = SessionClient.fresh(this.client).created(json("{'size':1,'step':9223372036854775807}"));
		Answer refused = last.step(json("{'parameter':[1],'grad':[1]}"));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(last.describe().body()).contains(json("'step':9223372036854775807,"));
	}

	@Test
	void aLearningRateOfOneStepIsForThatStepAlone() {
		this.session.created(json("{'size':1,'epsilon':0,'lr_decay':1}"));
		assertThat(this.session.step(json("{'parameter':[1],'grad':[1],'learning_rate':0.5}")).body())
			.isEqualTo(json("{'step':1,'parameter':[0.5]}"));
		// η_2 = 0.5 / (1 + 1); √G = √2
		assertThat(this.session.step(json("{'parameter':[1],'grad':[1],'learning_rate':0.5}")).body())
			.isEqualTo(json("{'step':2,'parameter':[" + (1 - 0.25 / Math.sqrt(2)) + "]}"));
		assertThat(this.session.describe().json().get("learning_rate").asDouble()).isEqualTo(0.01);
	}

	@Test
	void minimalLeavesTheTensorsOut() {
		this.session.created(json("{'parameter':[1]}"));
		Answer answer = this.session.step(json("{'grad':[1],'include':['G','update']}"), "Prefer",
				"respond-async, Return=minimal; foo=bar");
		assertThat(answer.body()).isEqualTo(json("{'step':1}"));
		assertThat(answer.header("Preference-Applied")).isEqualTo("return=minimal");
		assertThat(this.session.step(json("{'grad':[1]}"), "Prefer", "return=representation").json().has("parameter"))
			.isTrue();
	}

	@Test
	void whatIsDeletedIsGoneWithItsKeys() {
		this.session.created(json("{'size':1}"));
		String step = json("{'parameter':[1],'grad':[1]}");
		this.session.step(step, "Idempotency-Key", "k");
		String etag = this.session.describe().header("ETag");
		assertThat(this.session.delete().status()).isEqualTo(204);
		for (Answer gone : List.of(this.session.describe(), this.session.state(), this.session.step(step),
				this.session.restore(json("{'step':0,'G':[1]}")), this.session.delete())) {
			assertThat(gone.status()).isEqualTo(404);
			assertThat(gone.problemCode()).isEqualTo("session-not-found");
		}
		this.session.created(json("{'size':1}"));
		Answer anew = this.session.step(step, "Idempotency-Key", "k");
		assertThat(anew.json().get("step").asInt()).isEqualTo(1);
		assertThat(anew.header("Idempotency-Replayed")).isEmpty();
		assertThat(anew.header("ETag")).isNotEqualTo(etag);
	}

	@Test
	void sessionsAreListedByTheBytesOfTheirIdsPageByPage() {
		String prefix = "list-" + this.session.id().substring(5, 13);
		List<String> ids = List.of(prefix + "-Z", prefix + "-_", prefix + "-a", prefix + ".0", prefix + "0",
				prefix + "Z", prefix + "_", prefix + "a");
		for (String id : ids.reversed()) {
			new SessionClient(this.client, id).created(json("{'size':1}"));
		}
		String after = prefix;
		for (int i = 0; i < ids.size(); i += 3) {
			JsonNode page = this.client.get("/adagrad/sessions?limit=3&after=" + after).json();
			List<String> found = page.get("sessions").valueStream().map((node) -> node.get("id").asString()).toList();
			List<String> expected = ids.subList(i, Math.min(ids.size(), i + 3));
			assertThat(found.subList(0, expected.size())).isEqualTo(expected);
			after = expected.getLast();
		}
		JsonNode last = this.client.get("/adagrad/sessions?after=zzzzzzzzz").json();
		assertThat(last.toString()).isEqualTo(json("{'sessions':[],'next':null}"));
		JsonNode description = this.client.get("/adagrad/sessions?limit=1&after=" + prefix).json().at("/sessions/0");
		assertThat(description).isEqualTo(new SessionClient(this.client, ids.getFirst()).describe().json());
	}

	/// A page that watches the list is sent it again only where something has changed.
	@Test
	void aListThatHasNotChangedIsNotSentAgain() {
		this.session.create(json("{'parameter':[1]}"));
		String path = "/adagrad/sessions?limit=1&after="
				+ this.session.id().substring(0, this.session.id().length() - 1);
		Answer first = this.client.get(path);
		String tag = first.header("ETag");
		assertThat(first.json().at("/sessions/0/id").asString()).isEqualTo(this.session.id());
		Answer second = this.client.get(path, "If-None-Match", tag);
		assertThat(second.status()).isEqualTo(304);
		assertThat(second.body()).isEmpty();
		assertThat(second.header("ETag")).isEqualTo(tag);
		this.session.step(json("{'grad':[1]}"));
		Answer third = this.client.get(path, "If-None-Match", tag);
		assertThat(third.status()).isEqualTo(200);
		assertThat(third.json().at("/sessions/0/step").asInt()).isEqualTo(1);
		assertThat(third.header("ETag")).isNotEqualTo(tag);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "GET | ?page=2 | did you mean \"after\"? GET /adagrad/sessions takes limit, after",
					"GET | ?x=%F0%9F%98%80 | there is no query parameter x; GET /adagrad/sessions takes limit, after",
					"GET | /no-such/state?index=1 | did you mean \"indices\"?",
					"GET | /no-such?foo=1 | takes no query parameters",
					"DELETE | /no-such?force=true | takes no query parameters" })
	void aQueryParameterThatNobodyKnowsIsRefused(String method, String path, String detail) {
		Answer refused = this.client.send(method, "/adagrad/sessions" + path, "");
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isEqualTo("invalid-field");
		assertThat(refused.json().get("detail").asString()).contains(detail);
	}

	@ParameterizedTest
	@ValueSource(strings = { "limit=0", "limit=1001", "limit=-1", "limit=ten", "limit=1.5", "limit=99999999999",
			"after=-a", "after=a%20b", "limit=5&limit=5" })
	void aPageThatCannotBeIsRefused(String query) {
		Answer refused = this.client.get("/adagrad/sessions?" + query);
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isEqualTo("invalid-field");
		assertThat(refused.json().get("detail").asString()).contains(query.substring(0, 5).replace("=", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-a", ".hidden", "_a", "a%20b", "a!", "%C3%A9" })
	void anIdThatCannotBeIsRefused(String id) {
		SessionClient impossible = new SessionClient(this.client, id);
		Answer refused = impossible.create(json("{'size':1}"));
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.problemCode()).isEqualTo("invalid-field");
		assertThat(refused.json().get("detail").asString()).contains(OptimizerId.GRAMMAR);
		assertThat(impossible.describe().problemCode()).isEqualTo("session-not-found");
	}

	@Test
	void anIdHasUpTo128Characters() {
		String id = ("a".repeat(90) + this.session.id()).substring(0, 128);
		assertThat(new SessionClient(this.client, id).create(json("{'size':1}")).status()).isEqualTo(201);
		assertThat(new SessionClient(this.client, id + "a").create(json("{'size':1}")).status()).isEqualTo(422);
	}

	@ParameterizedTest
	@CsvSource({ "PATCH, , 'GET, PUT, DELETE'", "GET, /step, POST", "DELETE, /state, 'GET, PUT'", "POST, , 'GET'" })
	void whatAResourceDoesNotTakeIsSaid(String method, String suffix, String allowed) {
		this.session.created(json("{'size':1}"));
		Answer refused = this.client.send(method,
				"/adagrad/sessions/" + this.session.id() + ((suffix != null) ? suffix : ""), "{}", "Content-Type",
				"application/json");
		assertThat(refused.status()).isEqualTo(405);
		assertThat(refused.header("Allow").toUpperCase(Locale.ROOT)).contains(allowed.split(", "));
	}

}
