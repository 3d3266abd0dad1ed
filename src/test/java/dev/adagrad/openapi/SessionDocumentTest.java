package dev.adagrad.openapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// The document says the truth of sessions: what it shows as an answer is what the service answers, but for times, and ids
/// that the server makes.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class SessionDocumentTest {

	private static final String SESSIONS = "/adagrad/sessions";

	private static final Set<String> TENSORS = Set.of("stepSession", "getState", "lookupState");

	private static final String MINE = SESSIONS + "/my-model";

	private static final String STEP = MINE + "/step";

	private static final String STATE = MINE + "/state";

	private static final String LOOKUP = STATE + "/lookup";

	private static final String HELD = json("{'parameter':[1.0,2.0,3.0]}");

	private static final String ELEMENTS = json("{'indices':[2,0]}");

	private static final String GRADIENT = json("{'grad':[0.1,0.2,0.3]}");

	/// Shown, but not to be had from a healthy service, or only by others than those whom
	/// it serves.
	private static final Set<String> NOT_PROVOKED = Set.of("internal-error", "overloaded", "request-timeout",
			"store-unavailable", "store-damaged", "store-full", "session-busy", "unauthorized", "not-local",
			"origin-not-allowed", "forbidden", "not-its-own", "quota-of-requests", "quota-of-steps",
			"quota-of-sessions", "quota-of-room");

	@LocalServerPort
	private int port;

	private TestClient client;

	private JsonNode document;

	private final Map<String, JsonNode> operations = new LinkedHashMap<>();

	@BeforeEach
	void read() {
		this.client = new TestClient(this.port);
		this.document = this.client.get("/v3/api-docs").json();
		this.document.get("paths")
			.valueStream()
			.flatMap(JsonNode::valueStream)
			.forEach((operation) -> this.operations.put(operation.get("operationId").asString(), operation));
		call("DELETE", MINE, "");
	}

	@Test
	void theCallsSucceedInTheOrderInWhichTheyAreShownWithWhatIsFilledIn() {
		assertThat(OrderedSwaggerIndex.ORDER).containsExactlyInAnyOrderElementsOf(
				this.operations.keySet().stream().filter((id) -> !id.equals("step")).toList());
		List<Integer> statuses = new ArrayList<>();
		for (String id : OrderedSwaggerIndex.ORDER) {
			Answer answer = callAsFilledIn(id);
			statuses.add(answer.status());
			JsonNode examples = this.operations.get(id)
				.at("/responses/" + answer.status() + "/content/application~1json/examples");
			if (examples.isObject()) {
				assertShown(examples.valueStream().findFirst().orElseThrow().get("value"), answer.json(), id);
			}
			assertDocumented(id, answer);
		}
		assertThat(statuses).containsExactly(201, 200, 200, 200, 200, 204, 200, 201, 204);
	}

	private Answer callAsFilledIn(String id) {
		String[] found = new String[2];
		this.document.get("paths").forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
			if (operation.get("operationId").asString().equals(id)) {
				found[0] = method;
				found[1] = path;
			}
		}));
		JsonNode operation = this.operations.get(id);
		String path = found[1];
		List<String> headers = new ArrayList<>();
		for (JsonNode parameter : operation.path("parameters").values()) {
			JsonNode value = parameter.has("example") ? parameter.get("example") : parameter.at("/schema/default");
			if (value.isMissingNode()) {
				continue;
			}
			switch (parameter.get("in").asString()) {
				case "path" -> path = path.replace("{" + parameter.get("name").asString() + "}", value.asString());
				case "query" -> path += "?" + parameter.get("name").asString() + "=" + value.asString();
				default -> headers.addAll(List.of(parameter.get("name").asString(), value.asString()));
			}
		}
		JsonNode examples = operation.at("/requestBody/content/application~1json/examples");
		String body = examples.isObject() ? examples.valueStream().findFirst().orElseThrow().get("value").toString()
				: "";
		return call(found[0].toUpperCase(Locale.ROOT), path, body, headers.toArray(String[]::new));
	}

	@Test
	void everyExampleOfACreationAnswersWhatItsResponseExampleShows() {
		JsonNode requests = requests("createSession");
		JsonNode responses = responses("createSession", "201");
		assertThat(requests.propertyNames()).isEqualTo(responses.propertyNames());
		requests.forEachEntry((id, example) -> {
			Answer answer = call("POST", SESSIONS, example.get("value").toString());
			assertThat(answer.status()).as(id).isEqualTo(201);
			assertShown(responses.at("/" + id + "/value"), answer.json(), id);
			call("DELETE", answer.header("Location"), "");
		});
	}

	@Test
	void everyExampleOfAStepAnswersWhatItsResponseExampleShows() {
		JsonNode responses = responses("stepSession", "200");
		requests("stepSession").forEachEntry((id, example) -> {
			call("DELETE", MINE, "");
			call("PUT", MINE, id.equals("model") ? requests("putSession").at("/model/value").toString() : HELD);
			Answer answer = call("POST", STEP, example.get("value").toString());
			assertThat(answer.json()).as(id).isEqualTo(responses.at("/" + id + "/value"));
			assertDocumented("stepSession", answer);
		});
	}

	@Test
	void repeatedCallsAnswerWhatIsShown() {
		call("PUT", MINE, HELD);
		Answer minimal = call("POST", STEP, GRADIENT, "Idempotency-Key", "k", "Prefer", "return=minimal");
		assertShown("stepSession", "200", "minimal", minimal);
		assertThat(minimal.header("Preference-Applied")).isEqualTo("return=minimal");
		Answer again = call("PUT", MINE, HELD);
		assertShown("putSession", "200", "held-again", again);
		assertThat(call("GET", STATE, "", "If-None-Match", again.header("ETag")).status()).isEqualTo(304);
		assertShown("getState", "200", "elements", call("GET", STATE + "?indices=2,0", ""));
		call("POST", STEP, GRADIENT);
		Answer replayed = call("POST", STEP, GRADIENT, "Idempotency-Key", "k");
		assertShown("stepSession", "200", "replayed", replayed);
		assertThat(replayed.header("Idempotency-Replayed")).isEqualTo("true");
	}

	@Test
	void aModelAnswersWhatIsShown() {
		Answer created = call("PUT", MINE, requests("putSession").at("/model/value").toString());
		assertShown("putSession", "201", "model", created);
		call("POST", STEP, requests("stepSession").at("/model/value").toString());
		assertShown("lookupState", "200", "model",
				call("POST", LOOKUP, requests("lookupState").at("/model/value").toString()));
		assertShown("getState", "200", "touched", call("GET", STATE + "?tensor=embedding&touched=true", ""));
		call("DELETE", MINE, "");
		call("PUT", MINE, requests("putSession").at("/model/value").toString());
		assertThat(call("PUT", STATE + "?touched=true", requests("putState").at("/touched/value").toString()).status())
			.isEqualTo(204);
		assertShown("getState", "200", "touched", call("GET", STATE + "?tensor=embedding&touched=true", ""));
	}

	@Test
	void everyErrorExampleIsWhatTheServiceAnswers() {
		Map<String, Set<String>> provoked = new LinkedHashMap<>();
		this.operations.keySet().forEach((id) -> provoked.put(id, new TreeSet<>()));
		BiConsumer<String, Map.Entry<String, Answer>> check = (operation, shown) -> {
			Answer answer = shown.getValue();
			JsonNode example = this.operations.get(operation)
				.at("/responses/" + answer.status() + "/content/application~1problem+json/examples/" + shown.getKey()
						+ "/value");
			assertThat(answer.json()).as(operation + " " + shown.getKey()).isEqualTo(example);
			assertDocumented(operation, answer);
			provoked.get(operation).add(shown.getKey());
		};
		for (String[] call : new String[][] { { "getSession", "GET", MINE, "" }, { "getState", "GET", STATE, "" },
				{ "lookupState", "POST", LOOKUP, ELEMENTS }, { "stepSession", "POST", STEP, GRADIENT },
				{ "putState", "PUT", STATE, json("{'step':1,'G':[0.01,0.04,0.09]}") },
				{ "deleteSession", "DELETE", MINE, "" } }) {
			check.accept(call[0], Map.entry("session-not-found", call(call[1], call[2], call[3])));
		}
		call("PUT", MINE, HELD);
		check.accept("putSession", Map.entry("session-exists",
				call("PUT", MINE, json("{'parameter':[1.0,2.0,3.0],'learning_rate':0.1}"))));
		check.accept("putSession", Map.entry("session-ruled-out", call("PUT", MINE, HELD, "If-None-Match", "*")));
		call("POST", STEP, GRADIENT, "Idempotency-Key", "k");
		for (String[] call : new String[][] { { "putSession", "PUT", MINE }, { "createSession", "POST", SESSIONS },
				{ "stepSession", "POST", STEP }, { "lookupState", "POST", LOOKUP }, { "putState", "PUT", STATE } }) {
			refusedBodies(call[1], call[2])
				.forEach((example, answer) -> check.accept(call[0], Map.entry(example, answer)));
		}
		for (String[] call : new String[][] { { "putSession", "PUT", MINE, HELD },
				{ "createSession", "POST", SESSIONS, HELD }, { "stepSession", "POST", STEP, GRADIENT },
				{ "getSession", "GET", MINE, "" }, { "getState", "GET", STATE, "" },
				{ "lookupState", "POST", LOOKUP, ELEMENTS }, { "listSessions", "GET", SESSIONS, "" } }) {
			check.accept(call[0], Map.entry(TENSORS.contains(call[0]) ? "tensors-not-acceptable" : "not-acceptable",
					call(call[1], call[2], call[3], "Accept", "application/xml")));
		}
		String state = json("{'step':1,'G':[0.01,0.04,0.09],'parameter':[1.0,2.0,3.0]}");
		for (String[] call : new String[][] { { "stepSession", "POST", STEP, GRADIENT },
				{ "putState", "PUT", STATE, state }, { "deleteSession", "DELETE", MINE, "" } }) {
			check.accept(call[0], Map.entry("malformed-if-match", call(call[1], call[2], call[3], "If-Match", "41")));
			check.accept(call[0], Map.entry("step-mismatch", call(call[1], call[2], call[3], "If-Match", "\"41\"")));
		}
		for (String[] call : new String[][] { { "putSession", "PUT", MINE, HELD }, { "getSession", "GET", MINE, "" },
				{ "getState", "GET", STATE, "" }, { "listSessions", "GET", SESSIONS, "" } }) {
			check.accept(call[0],
					Map.entry("malformed-if-none-match", call(call[1], call[2], call[3], "If-None-Match", "41")));
		}
		for (String[] call : new String[][] { { "putSession", "PUT", MINE }, { "createSession", "POST", SESSIONS } }) {
			check.accept(call[0], Map.entry("invalid-session",
					call(call[1], call[2], json("{'size':3,'learning_rate':-0.5,'ttl_seconds':0}"))));
			check.accept(call[0], Map.entry("half-precision",
					TensorFile.of("parameter", "F16", 2, 3).sendBy(this.client, call[1], call[2])));
			check.accept(call[0], Map.entry("unequal-initial-tensors",
					call(call[1], call[2], json("{'G':[0.0,0.0],'parameter':[1.0,2.0,3.0]}"))));
		}
		check.accept("stepSession",
				Map.entry("single-gradient", TensorFile.of("grad", "F32", 4, 3).sendBy(this.client, "POST", STEP)));
		check.accept("putState",
				Map.entry("single-state",
						new TensorFile(json("{'__metadata__':{'step':'1'},")
								+ TensorFile.of("G", "F32", 4, 3).header().substring(1), 12)
							.sendBy(this.client, "PUT", STATE)));
		check.accept("lookupState", Map.entry("fractional-indices",
				TensorFile.of("indices", "F64", 8, 2).sendBy(this.client, "POST", LOOKUP)));
		check.accept("getState", Map.entry("malformed-url", call("GET", STATE + "?indices=%FF", "")));
		check.accept("getState", Map.entry("invalid-indices", call("GET", STATE + "?indices=1;5;9", "")));
		check.accept("getState", Map.entry("index-out-of-range", call("GET", STATE + "?indices=0,3", "")));
		check.accept("lookupState", Map.entry("missing-indices", call("POST", LOOKUP, "{}")));
		check.accept("lookupState", Map.entry("index-out-of-range", call("POST", LOOKUP, json("{'indices':[0,3]}"))));
		check.accept("stepSession",
				Map.entry("index-out-of-range", call("POST", STEP, json("{'indices':[0,3],'grad':[0.1,0.2]}"))));
		check.accept("listSessions", Map.entry("malformed-url", call("GET", SESSIONS + "?limit=%FF", "")));
		check.accept("listSessions", Map.entry("invalid-limit", call("GET", SESSIONS + "?limit=0", "")));
		check.accept("stepSession", Map.entry("parameter-held",
				call("POST", STEP, json("{'grad':[0.1,0.2,0.3],'parameter':[1.0,2.0,3.0]}"))));
		check.accept("stepSession", Map.entry("short-gradient", call("POST", STEP, json("{'grad':[0.1,0.2]}"))));
		check.accept("stepSession", Map.entry("idempotency-key-reused",
				call("POST", STEP, json("{'grad':[0.1,0.2,0.4]}"), "Idempotency-Key", "k")));
		check.accept("stepSession",
				Map.entry("non-finite-result", call("POST", STEP, json("{'grad':[0.1,1e200,0.3]}"))));
		check.accept("putState", Map.entry("invalid-state", call("PUT", STATE, state.replace("0.04", "-0.04"))));
		check.accept("putState",
				Map.entry("short-state", call("PUT", STATE, state.replace("[0.01,0.04,0.09]", "[0.01,0.04]"))));
		call("DELETE", MINE, "");
		call("PUT", MINE, json("{'size':3}"));
		String step = json("{'grad':[0.1,0.2,0.3],'parameter':[1.0,2.0,3.0]}");
		call("POST", STEP, step, "Idempotency-Key", "k");
		call("POST", STEP, step);
		check.accept("stepSession", Map.entry("unequal-parameters",
				call("POST", STEP, json("{'indices':[2,0,2],'grad':[0.1,0.2,0.3],'parameter':[3.0,1.0,4.0]}"))));
		check.accept("stepSession", Map.entry("step-superseded", call("POST", STEP, step, "Idempotency-Key", "k")));
		provoked.remove("step");
		provoked.forEach((operation, ids) -> {
			Set<String> shown = new TreeSet<>();
			this.operations.get(operation)
				.get("responses")
				.valueStream()
				.forEach((response) -> shown
					.addAll(response.at("/content/application~1problem+json/examples").propertyNames()));
			assertThat(shown).as(operation).containsAll(Set.of("internal-error", "store-unavailable"));
			shown.removeAll(NOT_PROVOKED);
			assertThat(ids).as(operation).isEqualTo(shown);
		});
	}

	private Map<String, Answer> refusedBodies(String method, String path) {
		Map<String, Answer> answers = new LinkedHashMap<>();
		answers.put("malformed-body", call(method, path, json("{'parameter': [1.0, NaN]}")));
		answers.put("malformed-file",
				new TensorFile(TensorFile.of("grad", "F64", 8, 3).header(), 16).sendBy(this.client, method, path));
		answers.put("malformed-header", this.client.send(method, path, "{}", "Content-Type", "json"));
		answers.put(path.equals(LOOKUP) ? "too-many-indices" : "too-large", call(method, path,
				json("{'" + (path.equals(LOOKUP) ? "indices" : "parameter") + "': [") + "1,".repeat(16777216) + "1]}"));
		answers.put("unsupported-media-type",
				this.client.send(method, path, "a=1", "Content-Type", "application/x-www-form-urlencoded"));
		return answers;
	}

	@Test
	void aSessionsTensorsAreArrays() {
		JsonNode schemas = this.document.at("/components/schemas");
		assertThat(schemas.get("Numbers").get("type").asString()).isEqualTo("array");
		assertThat(schemas.get("Numbers").get("minItems").asInt()).isOne();
		for (String property : List.of("CreateSessionRequest/properties/G", "CreateSessionRequest/properties/parameter",
				"SessionStepRequest/properties/grad", "SessionStepRequest/properties/parameter",
				"SessionStepResponse/properties/parameter", "SessionStepResponse/properties/G",
				"SessionStepResponse/properties/update", "SessionStepResponse/properties/effective_learning_rate",
				"RestoreRequest/properties/G", "RestoreRequest/properties/parameter", "StateResponse/properties/G",
				"StateResponse/properties/parameter")) {
			assertThat(schemas.at("/" + property + "/$ref").asString()).as(property)
				.isEqualTo("#/components/schemas/Numbers");
		}
		assertThat(schemas.propertyNames()).containsExactlyInAnyOrder("Numbers", "Problem", "FieldProblem",
				"SafetensorsFile", "EpsilonPlacement", "WeightDecayMode", "ClipNormScope", "Accumulator", "Dtype",
				"Preset", "Include", "Indices", "Shape", "TensorStepRequestMap", "CreateTensorRequestMap",
				"SessionTensorStepRequestMap", "TensorRestoreRequestMap", "TensorLookupRequestMap", "StepRequest",
				"StepResponse", "StepMetrics", "TensorStepRequest", "TensorStepResponse", "CreateSessionRequest",
				"SessionDescription", "SessionList", "SessionStepRequest", "SessionStepResponse", "RestoreRequest",
				"StateResponse", "LookupRequest", "CreateTensorRequest", "InitialParameter", "TensorDescription",
				"SessionTensorStepRequest", "SessionTensorStepResponse", "TensorRestoreRequest", "TensorStateResponse",
				"TensorLookupRequest");
	}

	@Test
	void filesAreTakenAndGivenWhereThereAreTensors() {
		Map<String, String> formats = new LinkedHashMap<>();
		this.operations.forEach((id, operation) -> formats.put(id,
				takes(operation.at("/requestBody/content")) + " " + takes(operation.at("/responses/200/content"))));
		formats.remove("step");
		assertThat(formats).containsExactlyInAnyOrderEntriesOf(
				Map.of("putSession", "both JSON", "getSession", "none JSON", "stepSession", "both both", "getState",
						"none both", "lookupState", "both both", "putState", "both none", "listSessions", "none JSON",
						"createSession", "both none", "deleteSession", "none none"));
	}

	private static String takes(JsonNode content) {
		if (content.isMissingNode()) {
			return "none";
		}
		List<String> types = List.copyOf(content.propertyNames());
		if (types.size() == 1) {
			assertThat(types).containsExactly("application/json");
			return "JSON";
		}
		assertThat(types).containsExactly("application/json", TensorFile.MEDIA_TYPE);
		assertThat(content.get(TensorFile.MEDIA_TYPE).at("/schema/$ref").asString())
			.isEqualTo("#/components/schemas/SafetensorsFile");
		return "both";
	}

	@Test
	void indicesAreArraysOfIntegersInBodiesAndInTheUrl() {
		JsonNode schemas = this.document.at("/components/schemas");
		JsonNode parameter = this.operations.get("getState")
			.get("parameters")
			.valueStream()
			.filter((one) -> one.get("name").asString().equals("indices"))
			.findFirst()
			.orElseThrow();
		assertThat(parameter.get("style").asString() + parameter.get("explode")).isEqualTo("formfalse");
		for (String request : List.of("SessionStepRequest", "LookupRequest", "RestoreRequest")) {
			assertThat(schemas.at("/" + request + "/properties/indices/$ref").asString()).as(request)
				.isEqualTo("#/components/schemas/Indices");
		}
		for (JsonNode schema : List.of(parameter.get("schema"), schemas.get("Indices"),
				schemas.at("/SessionStepResponse/properties/indices"),
				schemas.at("/StateResponse/properties/indices"))) {
			assertThat(schema.get("type").asString()).isEqualTo("array");
			assertThat(schema.get("items").toString())
				.isEqualTo(json("{'type':'integer','format':'int64','minimum':0}"));
		}
	}

	@Test
	void fieldsAreThoseOfTheContract() {
		JsonNode schemas = this.document.at("/components/schemas");
		assertThat(schemas.at("/Include/enum").toString())
			.isEqualTo(json("['G','effective_learning_rate','update','metrics']"));
		assertThat(schemas.at("/SessionDescription/properties/created_at/format").asString()).isEqualTo("date-time");
		JsonNode creation = schemas.at("/CreateSessionRequest/properties");
		for (String field : List.of("learning_rate", "epsilon", "epsilon_placement", "weight_decay_mode",
				"initial_accumulator_value")) {
			assertThat(creation.get(field).has("default")).as("a preset may set %s", field).isFalse();
		}
		assertThat(schemas.at("/Problem/properties").propertyNames()).contains("step", "applied_step");
		assertThat(schemas.at("/Problem/properties/code").has("enum")).isFalse();
		JsonNode limit = this.operations.get("listSessions").at("/parameters/0/schema");
		assertThat(limit.get("minimum").asInt()).isEqualTo(1);
		assertThat(limit.get("maximum").asInt()).isEqualTo(1000);
		assertThat(limit.get("default").asInt()).isEqualTo(100);
	}

	@Test
	void thePageShowsTheCallsInTheOrderInWhichTheySucceed() {
		assertThat(this.client.get("/swagger-ui/swagger-initializer.js").body()).contains("operationsSorter",
				json("'" + String.join("', '", OrderedSwaggerIndex.ORDER) + "'"));
	}

	private Answer call(String method, String path, String body, String... headers) {
		List<String> all = new ArrayList<>(List.of(headers));
		if (!body.isEmpty()) {
			all.addAll(List.of("Content-Type", "application/json"));
		}
		return this.client.send(method, path, body, all.toArray(String[]::new));
	}

	private JsonNode requests(String operation) {
		return this.operations.get(operation).at("/requestBody/content/application~1json/examples");
	}

	private JsonNode responses(String operation, String status) {
		return this.operations.get(operation).at("/responses/" + status + "/content/application~1json/examples");
	}

	private void assertShown(String operation, String status, String example, Answer answer) {
		assertThat(answer.status()).isEqualTo(Integer.parseInt(status));
		assertShown(responses(operation, status).at("/" + example + "/value"), answer.json(), example);
		assertDocumented(operation, answer);
	}

	private static void assertShown(JsonNode example, JsonNode answer, String name) {
		assertThat(masked(answer)).as(name).isEqualTo(masked(example));
	}

	/// Without what differs from one call to the next, if it is of the right shape.
	private static JsonNode masked(JsonNode answer) {
		for (JsonNode node : answer.findParents("created_at")) {
			ObjectNode description = (ObjectNode) node;
			for (String time : List.of("created_at", "updated_at", "expires_at")) {
				if (description.has(time)
						&& description.get(time).asString().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z")) {
					description.put(time, "a time");
				}
			}
			if (description.get("id").asString().matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
				description.put("id", "an id of the server's");
			}
		}
		return answer;
	}

	/// The status is documented, and with it each header of ours.
	private void assertDocumented(String operation, Answer answer) {
		JsonNode response = this.operations.get(operation).at("/responses/" + answer.status());
		assertThat(response.isObject()).as(operation + " " + answer.status()).isTrue();
		for (String header : List.of("ETag", "Location", "Idempotency-Replayed", "Preference-Applied", "Retry-After")) {
			assertThat(answer.header(header).isEmpty() || response.path("headers").has(header))
				.as("%s %s of %s", answer.status(), header, operation)
				.isTrue();
		}
	}

}
