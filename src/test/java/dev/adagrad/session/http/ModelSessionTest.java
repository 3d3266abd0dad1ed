package dev.adagrad.session.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.adagrad.SafetensorsFile;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Sessions of named tensors over HTTP, as a client meets them.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "adagrad.store.durability=os")
class ModelSessionTest {

	/// Three of η = 1 and ε = 0, so that a step of an element without history is its
	/// sign.
	private static final String MODEL = json("""
			{'tensors':{'w':{'shape':[2,2],'parameter':[1,2,3,4]},'b':{'parameter':5},
			'emb':{'shape':[6,2],'initial_parameter_value':0.5,'accumulator':'row'}},'learning_rate':1,'epsilon':0}""");

	@LocalServerPort
	private int port;

	private TestClient client;

	private SessionClient session;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
		this.session = SessionClient.fresh(this.client);
	}

	private Answer get(String parameters) {
		return this.client.get("/adagrad/sessions/" + this.session.id() + "/state" + parameters);
	}

	private Answer lookup(String body) {
		return this.client.send("POST", "/adagrad/sessions/" + this.session.id() + "/state/lookup", json(body),
				"Content-Type", "application/json");
	}

	private Answer restorePage(String body) {
		return this.client.send("PUT", "/adagrad/sessions/" + this.session.id() + "/state?touched=true", body,
				"Content-Type", "application/json");
	}

	/// A table's rows, of which one stands twice, beside whole tensors. m of row 4 is
	/// (3² + 4²)/2 = 12.5, of row 1 (1 + 1)/2.
	@Test
	void aStepIsOfAllTensorsThatItNames() {
		this.session.created(MODEL);
		Answer step = this.session.step(json("""
				{'tensors':{'w':{'grad':[2,-2,2,0]},'emb':{'indices':[4,1,4],'grad':[1,2,1,-1,2,2]},'b':{'grad':-3}},
				'include':['G','metrics']}"""));
		assertThat(step.status()).as(step.body()).isEqualTo(200);
		JsonNode tensors = step.json().get("tensors");
		assertThat(tensors.propertyNames()).containsExactly("b", "emb", "w");
		assertThat(tensors.get("b").toString()).isEqualTo(json("{'parameter':6.0,'G':9.0}"));
		assertThat(tensors.get("w").toString())
			.isEqualTo(json("{'parameter':[0.0,3.0,2.0,4.0],'G':[4.0,4.0,4.0,0.0]}"));
		assertThat(tensors.get("emb").toString()).isEqualTo(json("{'indices':[1,4],'parameter':[-0.5,1.5,"
				+ (0.5 - 3 / Math.sqrt(12.5)) + "," + (0.5 - 4 / Math.sqrt(12.5)) + "],'G':[1.0,12.5]}"));
		// 2² + 2² + 2² of w, 3² of b, 1² + 1² + 3² + 4² of the table
		assertThat(step.json().get("metrics").get("grad_norm").asDouble()).isEqualTo(Math.sqrt(48));
		assertThat(step.json().get("metrics").get("touched").asLong()).isEqualTo(9);
		assertThat(get("?tensor=emb").json().at("/tensors/emb/G").toString()).isEqualTo("[0.0,1.0,0.0,0.0,12.5,0.0]");
	}

	@Test
	void whatAStepDoesNotNameStaysAndTheStepCountsForAll() {
		this.session.created(MODEL);
		this.session.step(json("{'tensors':{'b':{'grad':1}}}"));
		Answer second = this.session.step(json("{'tensors':{'w':{'grad':[1,1,1,1]}}}"));
		assertThat(second.body()).isEqualTo(json("{'step':2,'tensors':{'w':{'parameter':[0.0,1.0,2.0,3.0]}}}"));
		assertThat(get("?tensor=b").body()).isEqualTo(json("{'step':2,'tensors':{'b':{'G':1.0,'parameter':4.0}}}"));
		assertThat(this.session.describe().json().get("step").asLong()).isEqualTo(2);
	}

	/// Bit for bit what a stateless step of the same tensors answers, over some steps,
	/// with
	/// all that can be set.
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void aSessionOfAModelStepsAsTheModelWithoutOne(long seed) {
		Random random = new Random(seed);
		boolean held = random.nextBoolean();
		String all = "'dtype':'" + (random.nextBoolean() ? "F32" : "F64") + "','learning_rate':0.3,'lr_decay':0.1,"
				+ "'weight_decay':0.05,'l1':0.01," + (random.nextBoolean() ? "'clip_norm':0.7," : "")
				+ "'weight_decay_mode':'" + (random.nextBoolean() ? "coupled" : "decoupled") + "'";
		Map<String, String> settings = new LinkedHashMap<>();
		Map<String, Integer> sizes = new LinkedHashMap<>();
		Map<String, Integer> rows = new LinkedHashMap<>();
		for (String name : List.of("z/last:0", "a", "m.1", "B")) {
			int first = 1 + random.nextInt(5);
			int dim = 1 + random.nextInt(4);
			boolean row = random.nextBoolean();
			sizes.put(name, first * dim);
			rows.put(name, row ? first : first * dim);
			settings.put(name,
					"'shape':[" + first + "," + dim + "]," + (row ? "'accumulator':'row'," : "")
							+ (random.nextInt(4) == 0 ? "'frozen':true," : "") + "'learning_rate_scale':"
							+ random.nextDouble() + ",'weight_decay':" + random.nextDouble());
		}
		Map<String, String> parameter = new LinkedHashMap<>();
		Map<String, String> G = new LinkedHashMap<>();
		sizes.forEach((name, size) -> parameter.put(name, numbers(random, size)));
		rows.forEach((name, size) -> G.put(name, "[" + "0.25,".repeat(size - 1) + "0.25]"));
		this.session.created(json("{'tensors':{" + join(sizes.keySet()
			.stream()
			.map((name) -> "'" + name + "':{" + settings.get(name) + ",'initial_accumulator_value':0.25"
					+ (held ? ",'parameter':" + parameter.get(name) : "") + "}")
			.toList()) + "}," + all + "}"));
		for (int step = 1; step <= 4; step++) {
			Map<String, String> grad = new LinkedHashMap<>();
			sizes.forEach((name, size) -> grad.put(name, numbers(random, size)));
			JsonNode stateless = this.client
				.send("POST", "/adagrad/step",
						json("{'tensors':{" + join(sizes.keySet()
							.stream()
							.map((name) -> "'" + name + "':{" + settings.get(name) + ",'parameter':"
									+ parameter.get(name) + ",'grad':" + grad.get(name) + ",'G':" + G.get(name) + "}")
							.toList()) + "}," + all + ",'step':" + step + ",'include':['metrics']}"),
						"Content-Type", "application/json")
				.json();
			Answer answer = this.session.step(json("{'tensors':{" + join(sizes.keySet()
				.stream()
				.map((name) -> "'" + name + "':{'grad':" + grad.get(name)
						+ (held ? "" : ",'parameter':" + parameter.get(name)) + "}")
				.toList()) + "},'include':['G','metrics']}"));
			assertThat(answer.status()).as(answer.body()).isEqualTo(200);
			assertThat(answer.json().get("tensors")).isEqualTo(stateless.get("tensors"));
			assertThat(answer.json().get("metrics")).isEqualTo(stateless.get("metrics"));
			for (String name : sizes.keySet()) {
				parameter.put(name, stateless.get("tensors").get(name).get("parameter").toString());
				G.put(name, stateless.get("tensors").get(name).get("G").toString());
			}
		}
	}

	/// At one element a row, rows that share G are elements that do not.
	@ParameterizedTest
	@ValueSource(longs = { 11, 12, 13 })
	void rowsOfOneElementAreElements(long seed) {
		Random random = new Random(seed);
		String dtype = random.nextBoolean() ? "F32" : "F64";
		String rest = ",'initial_parameter':{'uniform':[-1,1],'seed':" + seed + "}}},'dtype':'" + dtype
				+ "','weight_decay':0.1,'clip_norm':2}";
		SessionClient elements = SessionClient.fresh(this.client)
			.created(json("{'tensors':{'t':{'shape':[50,1],'accumulator':'element'" + rest));
		this.session.created(json("{'tensors':{'t':{'shape':[50,1],'accumulator':'row'" + rest));
		for (int i = 0; i < 5; i++) {
			String indices = IntStream.range(0, 10)
				.mapToObj((place) -> String.valueOf(random.nextInt(50)))
				.collect(Collectors.joining(",", "[", "]"));
			String step = json("{'tensors':{'t':{'indices':" + indices + ",'grad':" + numbers(random, 10)
					+ "}},'include':['G','update','effective_learning_rate','metrics']}");
			assertThat(this.session.step(step).json()).isEqualTo(elements.step(step).json());
		}
		assertThat(this.session.state().json()).isEqualTo(elements.state().json());
	}

	/// Values of a program of its own, in Python, by the formula.
	@Test
	void whatNobodyTouchedFollowsItsRule() {
		this.session.created(json("{'tensors':{'emb':{'shape':[68719476736,4],"
				+ "'initial_parameter':{'uniform':[-0.05,0.05],'seed':7}}}}"));
		assertThat(lookup("{'tensors':{'emb':{'indices':[0,68719476735]}}}").json().at("/tensors/emb/parameter"))
			.extracting(JsonNode::asDouble)
			.startsWith(-0.03181924052846734, -0.030141824909418427, -0.013117521873482266)
			.endsWith(-0.016964589921897123);
		assertThat(this.session.describe().json().get("allocated_bytes").asLong()).isZero();
		SessionClient alone = SessionClient.fresh(this.client)
			.created(json("{'size':6,'initial_parameter':{'uniform':[0,2],'seed':-3}}"));
		assertThat(alone.state().json().get("parameter")).extracting(JsonNode::asDouble)
			.startsWith(1.7913575007326459)
			.endsWith(1.6331491290203035);
		SessionClient floats = SessionClient.fresh(this.client)
			.created(json("{'tensors':{'w':{'shape':[2],'initial_parameter':{'uniform':[-1,1],'seed':7}}},"
					+ "'dtype':'F32'}"));
		assertThat(floats.state().json().at("/tensors/w/parameter")).extracting((value) -> (float) value.asDouble())
			.containsExactly(0.36531216f, -0.028180966f);
	}

	/// Pages of what was touched, put into a session created alike, bring all of it back.
	@Test
	void whatWasTouchedIsExportedAndImportedPageByPage() {
		String creation = json("{'tensors':{'emb':{'shape':[4294967296,3],'accumulator':'row',"
				+ "'initial_parameter':{'uniform':[-1,1],'seed':5}},'w':{'shape':[4],'initial_parameter_value':0}}}");
		this.session.created(creation);
		List<Long> rows = List.of(0L, 1L, 41L, 42L, 43L, 700L, 2147483648L, 4294967295L);
		for (long row : rows) {
			this.session.step(json("{'tensors':{'emb':{'indices':[" + row + "],'grad':[1,2,-3]}}}"));
		}
		this.session.step(json("{'tensors':{'w':{'indices':[2],'grad':[1]}}}"));
		List<String> pages = new ArrayList<>();
		List<Long> found = new ArrayList<>();
		String after = "";
		do {
			JsonNode page = get("?tensor=emb&touched=true&limit=3" + after).json();
			pages.add(page.toString());
			page.at("/tensors/emb/indices").forEach((index) -> found.add(index.asLong()));
			after = page.has("next") ? "&after=" + page.get("next").asLong() : "";
		}
		while (!after.isEmpty());
		assertThat(found).isEqualTo(rows);
		assertThat(pages).hasSize(3);
		pages.add(get("?tensor=w&touched=true").body());
		assertThat(pages.getLast())
			.startsWith(json("{'step':9,'tensors':{'w':{'indices':[2],'G':[1.0],'parameter':[-0.0099999999"));
		Answer before = lookup("{'tensors':{'emb':{'indices':[0,43,44,4294967295]},'w':{}}}");
		SessionClient first = this.session;
		this.session = SessionClient.fresh(this.client).created(creation);
		for (String page : pages) {
			assertThat(restorePage(page).status()).isEqualTo(204);
		}
		assertThat(lookup("{'tensors':{'emb':{'indices':[0,43,44,4294967295]},'w':{}}}").json())
			.isEqualTo(before.json());
		String next = json("{'tensors':{'emb':{'indices':[700,701],'grad':[1,1,1,1,1,1]},'w':{'grad':[1,1,1,1]}}}");
		assertThat(this.session.step(next).json()).isEqualTo(first.step(next).json());
	}

	@Test
	void aPageOfNothingIsEmpty() {
		this.session.created(MODEL);
		assertThat(get("?tensor=emb&touched=true").body())
			.isEqualTo(json("{'step':0,'tensors':{'emb':{'indices':[],'G':[],'parameter':[]}}}"));
		Answer file = this.client.get("/adagrad/sessions/" + this.session.id() + "/state?tensor=emb&touched=true",
				"Accept", SafetensorsFile.MEDIA_TYPE);
		assertThat(file.file().shape("parameter/emb")).isEqualTo(List.of(0, 2));
		assertThat(get("?tensor=w&touched=true").json().at("/tensors/w/indices").toString()).as("it was given")
			.isEqualTo("[0,1]");
		assertThat(get("?tensor=b&touched=true&after=0").body())
			.isEqualTo(json("{'step':0,'tensors':{'b':{'indices':[],'G':[],'parameter':[]}}}"));
		Answer number = get("?tensor=b&touched=true");
		assertThat(number.body()).isEqualTo(json("{'step':0,'tensors':{'b':{'G':0.0,'parameter':5.0}}}"));
		assertThat(restorePage(number.body()).status()).isEqualTo(204);
	}

	/// A tensor's own shape is known, though JSON is flat; and G of rows is as long as
	/// these.
	@Test
	void whatIsAnsweredInAFileHasTheTensorsShape() {
		this.session.created(json("{'tensors':{'w':{'shape':[2,2],'parameter':[1,2,3,4]},'r':{'shape':[3,1],"
				+ "'initial_parameter_value':0,'accumulator':'row'}},'dtype':'F32','initial_accumulator_value':0.1}"));
		Answer step = this.session.step(
				json("{'tensors':{'w':{'grad':[1,1,1,1]},'r':{'grad':[1,1,1]}},'include':['G','update']}"), "Accept",
				SafetensorsFile.MEDIA_TYPE);
		assertThat(step.file().shape("parameter/w")).isEqualTo(List.of(2, 2));
		assertThat(step.file().shape("G/w")).isEqualTo(List.of(2, 2));
		assertThat(step.file().shape("update/r")).isEqualTo(List.of(3, 1));
		assertThat(step.file().shape("G/r")).isEqualTo(List.of(3));
		JsonNode tensors = this.session.describe().json().get("tensors");
		assertThat(tensors.at("/r/initial_accumulator_value").toString()).as("in the digits of F32").isEqualTo("0.1");
		Answer stateless = this.client.send("POST", "/adagrad/step",
				json("{'tensors':{'r':{'shape':[3,1],'accumulator':'row','parameter':[0,0,0],'grad':[1,1,1],"
						+ "'G':[0,0,0]},'w':{'shape':[1,2],'parameter':[0,0],'grad':[1,1],'G':[0,0]}}}"),
				"Content-Type", "application/json", "Accept", SafetensorsFile.MEDIA_TYPE);
		assertThat(stateless.file().shape("parameter/r")).isEqualTo(List.of(3, 1));
		assertThat(stateless.file().shape("G/r")).isEqualTo(List.of(3));
		assertThat(stateless.file().shape("G/w")).isEqualTo(List.of(1, 2));
	}

	@Test
	void aStateGoesOutAndInAgain() {
		this.session.created(MODEL);
		this.session.step(json("{'tensors':{'w':{'grad':[2,-2,2,0]},'emb':{'indices':[4],'grad':[1,2]}}}"));
		String before = this.session.state().body();
		this.session
			.step(json("{'tensors':{'w':{'grad':[9,9,9,9]},'b':{'grad':9},'emb':{'indices':[1],'grad':[9,9]}}}"));
		assertThat(this.session.restore(before).status()).isEqualTo(204);
		assertThat(this.session.state().body()).isEqualTo(before);
		ObjectNode part = (ObjectNode) JsonMapper.shared().readTree(before);
		((ObjectNode) part.get("tensors")).remove("b");
		Answer refused = this.session.restore(part.toString());
		assertThat(refused.status()).isEqualTo(422);
		assertThat(refused.json().at("/errors/0").toString()).isEqualTo(json("{'pointer':'/tensors/b',"
				+ "'detail':'is required: a state is restored whole, or with ?touched=true in part'}"));
		assertThat(this.session.state().body()).isEqualTo(before);
	}

	@Test
	void aKeyIsAnsweredOnceAndLaterWithWhatIsThere() {
		this.session.created(MODEL);
		String step = json("{'tensors':{'emb':{'indices':[4,4],'grad':[1,2,3,4]},'b':{'grad':1}},'include':['G']}");
		Answer first = this.session.step(step, "Idempotency-Key", "one");
		Answer again = this.session.step(step, "Idempotency-Key", "one");
		assertThat(again.body()).isEqualTo(first.body());
		assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
		for (String other : List.of("{'tensors':{'emb':{'indices':[4,4],'grad':[1,2,3,5]},'b':{'grad':1}}}",
				"{'tensors':{'emb':{'indices':[4,3],'grad':[1,2,3,4]},'b':{'grad':1}}}",
				"{'tensors':{'emb':{'indices':[4,4],'grad':[1,2,3,4]}}}")) {
			assertThat(this.session.step(json(other), "Idempotency-Key", "one").problemCode())
				.isEqualTo("idempotency-key-reused");
		}
		this.session.step(json("{'tensors':{'b':{'grad':1}}}"));
		Answer later = this.session.step(step, "Idempotency-Key", "one");
		assertThat(later.json().get("applied_step").asLong()).isEqualTo(1);
		assertThat(later.json().get("step").asLong()).isEqualTo(2);
		assertThat(later.json().at("/tensors/emb/indices").toString()).isEqualTo("[4]");
		assertThat(later.json().at("/tensors/b/G").asDouble()).isEqualTo(2);
	}

	/// In files a tensor has its own shape, and settings stand in the metadata.
	@Test
	void filesOfNamedTensors() {
		String path = "/adagrad/sessions/" + this.session.id();
		SafetensorsFile creation = new SafetensorsFile().with("learning_rate", 1)
			.with("epsilon", 0)
			.with("tensors",
					json("{'emb':{'shape':[6,2],'initial_parameter_value':0.5,'accumulator':'row'},"
							+ "'w':{'weight_decay':0}}"))
			.doubles("parameter/w", List.of(2, 2), 1, 2, 3, 4)
			.doubles("parameter/b", List.of(), 5);
		Answer created = this.client.send("PUT", path, creation);
		assertThat(created.status()).as(created.body()).isEqualTo(201);
		assertThat(created.json().at("/tensors/w/shape").toString()).isEqualTo("[2,2]");
		assertThat(this.session.create(MODEL).status()).as("the same in JSON").isEqualTo(200);
		Answer step = this.client.send("POST", path + "/step",
				new SafetensorsFile().with("include", "G")
					.longs("indices/emb", 4, 1, 4)
					.doubles("grad/emb", List.of(3, 2), 1, 2, 1, -1, 2, 2)
					.doubles("grad/w", List.of(2, 2), 2, -2, 2, 0)
					.doubles("grad/b", List.of(), -3));
		assertThat(step.file().longs("indices/emb")).containsExactly(1, 4);
		assertThat(step.file().shape("parameter/emb")).isEqualTo(List.of(2, 2));
		assertThat(step.file().shape("G/emb")).isEqualTo(List.of(2));
		assertThat(step.file().shape("parameter/w")).isEqualTo(List.of(2, 2));
		assertThat(step.file().shape("parameter/b")).isEqualTo(List.of());
		assertThat(step.file().doubles("G/emb")).containsExactly(1, 12.5);
		assertThat(step.file().doubles("parameter/w")).containsExactly(0, 3, 2, 4);
		SafetensorsFile state = this.client.get(path + "/state", "Accept", SafetensorsFile.MEDIA_TYPE).file();
		assertThat(state.shape("parameter/emb")).isEqualTo(List.of(6, 2));
		assertThat(state.shape("G/emb")).isEqualTo(List.of(6));
		assertThat(state.shape("G/b")).isEqualTo(List.of());
		this.session.step(json("{'tensors':{'b':{'grad':9}}}"));
		assertThat(this.client.send("PUT", path + "/state", state).status()).isEqualTo(204);
		assertThat(this.client.get(path + "/state", "Accept", SafetensorsFile.MEDIA_TYPE).file().bytes())
			.isEqualTo(state.bytes());
	}

	/// Elements land by the tensor's shape: those of a transposed gradient would land
	/// elsewhere.
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "3,2 | [3, 2]", "6,1 | [6, 1]", "1,2,3 | [1, 2, 3]" })
	void aTensorOfAnotherShapeIsRefused(String dimensions, String told) {
		this.session.created(json("{'tensors':{'w':{'shape':[2,3],'initial_parameter_value':0}}}"));
		String path = "/adagrad/sessions/" + this.session.id();
		List<Integer> shape = Stream.of(dimensions.split(",")).map(Integer::valueOf).toList();
		double[] values = { 1, 2, 3, 4, 5, 6 };
		Answer step = this.client.send("POST", path + "/step", new SafetensorsFile().doubles("grad/w", shape, values));
		assertThat(step.problemCode()).isEqualTo("invalid-field");
		assertThat(step.json().at("/errors/0").toString()).isEqualTo(json("{'pointer':'/tensors/w/grad','detail':"
				+ "'is a tensor of shape " + told + ", must have the shape [2, 3]'}"));
		Answer restore = this.client.send("PUT", path + "/state",
				new SafetensorsFile().with("step", 1).doubles("G/w", shape, values).doubles("parameter/w", values));
		assertThat(restore.json().at("/errors/0/pointer").asString()).isEqualTo("/tensors/w/G");
		Answer row = this.client.send("POST", path + "/step",
				new SafetensorsFile().longs("indices/w", 1).doubles("grad/w", List.of(3, 1), 1, 2, 3));
		assertThat(row.problemCode()).isEqualTo("invalid-field");
		assertThat(row.json().at("/errors/0/detail").asString()).contains("must have the shape [1, 3]");
		for (SafetensorsFile fits : List.of(new SafetensorsFile().doubles("grad/w", List.of(2, 3), values),
				new SafetensorsFile().doubles("grad/w", values),
				new SafetensorsFile().longs("indices/w", 1).doubles("grad/w", List.of(1, 3), 1, 2, 3))) {
			assertThat(this.client.send("POST", path + "/step", fits).status()).isEqualTo(200);
		}
	}

	@Test
	void aNestedFieldIsNamedAsTheClientKnowsIt() {
		Answer refused = this.session
			.create(json("{'tensors':{'w':{'shape':[2],'initial_parameter':{'uniform':[-1,1]}}}}"));
		assertThat(refused.json().at("/errors/0/pointer").asString()).isEqualTo("/tensors/w/initial_parameter/seed");
	}

	@Test
	void aNumberIsASessionToo() {
		this.session.created(json("{'parameter':3,'learning_rate':1,'epsilon':0}"));
		assertThat(this.session.describe().json().get("shape").toString()).isEqualTo("[]");
		assertThat(this.session.step(json("{'grad':2}")).body()).isEqualTo(json("{'step':1,'parameter':2.0}"));
		assertThat(this.session.state().body()).isEqualTo(json("{'step':1,'G':4.0,'parameter':2.0}"));
		assertThat(this.session.restore(json("{'step':7,'G':1,'parameter':-1}")).status()).isEqualTo(204);
		assertThat(this.session.state().body()).isEqualTo(json("{'step':7,'G':1.0,'parameter':-1.0}"));
		Answer sparse = this.session.step(json("{'grad':[2],'indices':[0]}"));
		assertThat(sparse.json().at("/errors/0").toString()).isEqualTo(
				json("{'pointer':'/indices','detail':'must not be sent: the tensor is a number, without an axis'}"));
	}

	@Test
	void theSameModelAgainIsTheSameSessionAndAnotherIsNot() {
		this.session.created(MODEL);
		assertThat(this.session.create(MODEL).status()).isEqualTo(200);
		Answer other = this.session.create(MODEL.replace(json("'shape':[6,2]"), json("'shape':[2,6]")));
		assertThat(other.status()).isEqualTo(409);
		assertThat(other.json().get("detail").asString())
			.endsWith("created differently: /tensors/emb/shape was [6, 2], not [2, 6]");
		assertThat(this.session.create(MODEL.replace("0.5", "0.25")).json().get("detail").asString())
			.endsWith("G or the parameter started from other values");
		assertThat(this.session.create(MODEL.replace(json("'b':"), json("'c':"))).json().get("detail").asString())
			.endsWith("created differently: /tensors/b is missing; there was no /tensors/c");
		assertThat(this.session.create(json("{'size':17}")).json().get("detail").asString())
			.contains("it has named tensors, not one without a name; holds_parameter was true, not false; ");
	}

	/// What a step is refused for, its code and its place.
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"{'grad':[1,2,3,4]} | invalid-field | /tensors | is required: the tensors of this session have names",
			"{'tensors':{'w':{'grad':[1,2,3,4]}},'grad':[1]} | invalid-field | /tensors | must not stand beside grad",
			"{'tensors':{}} | invalid-field | /tensors | must name at least one tensor",
			"{'tensors':{'a/b':{'grad':[1]}}} | invalid-field | /tensors/a~1b | is no tensor of this session",
			"{'tensors':{'w':{}}} | invalid-field | /tensors/w/grad | is required",
			"{'tensors':{'w':{'grad':[1,2,3]}}} | length-mismatch | /tensors/w/grad | is an array of length 3, but the tensor's shape is [2, 2]",
			"{'tensors':{'w':{'grad':[1,2,3,4],'parameter':[1,2,3,4]}}} | invalid-field | /tensors/w/parameter | must not be sent: the server holds the parameter of this session",
			"{'tensors':{'emb':{'indices':[5,6],'grad':[1,2,3,4]}}} | index-out-of-range | /tensors/emb/indices/1 | must be within 0 … 5, was 6",
			"{'tensors':{'emb':{'indices':[5],'grad':[1]}}} | length-mismatch | /tensors/emb/grad | is an array of length 1, but indices is an array of length 1, and each entry has 2 elements",
			"{'tensors':{'b':{'indices':[0],'grad':[1]}}} | invalid-field | /tensors/b/indices | must not be sent: the tensor is a number, without an axis",
			"{'tensors':{'b':{'grad':[1]}}} | invalid-field | /tensors/b/grad | must be a number, was an array",
			"{'tensors':{'w':{'grad':1}}} | invalid-field | /tensors/w/grad | must be an array of numbers, was a number",
			"{'tensors':{'w':{'grad':[1,2,3,'x']}}} | invalid-field | /tensors/w/grad/3 | must be a number, was a string" })
	void aStepThatDoesNotFitIsRefused(String step, String code, String pointer, String detail) {
		this.session.created(MODEL);
		Answer answer = this.session.step(json(step));
		assertThat(answer.problemCode()).as(answer.body()).isEqualTo(code);
		assertThat(answer.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
		assertThat(answer.json().at("/errors/0/detail").asString()).isEqualTo(detail);
		assertThat(this.session.describe().json().get("step").asLong()).isZero();
	}

	/// Where an element is, by its name and its place in its tensor.
	@Test
	void whatWouldNotBeFiniteIsNamed() {
		this.session.created(MODEL);
		Answer squares = this.session
			.step(json("{'tensors':{'b':{'grad':1},'emb':{'indices':[1,4],'grad':[1,1,1,1e200]}}}"));
		assertThat(squares.problemCode()).isEqualTo("non-finite-result");
		assertThat(squares.json().get("name").asString()).isEqualTo("emb");
		assertThat(squares.json().get("tensor").asString()).isEqualTo("G");
		assertThat(squares.json().get("index").asLong()).isEqualTo(4);
		Answer sum = this.session.step(json("{'tensors':{'emb':{'indices':[4,4],'grad':[1,1.7e308,1,1.7e308]}}}"));
		assertThat(sum.json().get("name").asString()).isEqualTo("emb");
		assertThat(sum.json().get("tensor").asString()).isEqualTo("grad");
		assertThat(sum.json().get("index").asLong()).isEqualTo(9);
		Answer element = this.session.step(json("{'tensors':{'w':{'indices':[1],'grad':[1,1e200]},'b':{'grad':1}}}"));
		assertThat(element.json().get("name").asString()).isEqualTo("w");
		assertThat(element.json().get("index").asLong()).isEqualTo(3);
		assertThat(this.session.describe().json().get("step").asLong()).isZero();
	}

	/// What a reading is refused for.
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"?tensor=x | the query parameter tensor must be the name of one of the session's tensors",
			"?indices=1 | the query parameter indices is about one tensor: say which with tensor=…, the name of one of the session's",
			"?touched=true | the query parameter touched is about one tensor: say which with tensor=…, the name of one of the session's",
			"?touched=yes | the query parameter touched must be true or false, was yes",
			"?tensor=emb&touched=true&indices=1 | the query parameters touched and indices do not go together",
			"?tensor=emb&after=1 | the query parameter after is for pages of what was touched: touched=true must stand beside it",
			"?tensor=emb&limit=1 | the query parameter limit is for pages of what was touched: touched=true must stand beside it",
			"?tensor=emb&touched=true&limit=0 | the query parameter limit must be 1 to 2147483646, was 0",
			"?tensor=emb&touched=true&limit=8388609 | the query parameter limit must be 1 to 8388608 for entries of 2 elements, was 8388609",
			"?tensor=emb&touched=true&after=-1 | the query parameter after must be an integer ≥ 0, was -1" })
	void aReadingThatDoesNotFitIsRefused(String parameters, String detail) {
		this.session.created(MODEL);
		Answer answer = get(parameters);
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.json().get("detail").asString()).isEqualTo(detail);
	}

	@Test
	void whatNoCallCanCarryWholeNamesTheCallsToUse() {
		this.session
			.created(json("{'tensors':{'emb':{'shape':[4194305,4],'initial_parameter_value':0},'b':{'shape':[2],"
					+ "'initial_parameter_value':0}}}"));
		assertThat(get("").json().at("/errors/0").toString()).isEqualTo(json("{'pointer':'/tensors/emb',"
				+ "'detail':'is too large to be answered whole: the tensor has 16777220 elements, and one call carries at"
				+ " most 16777216; ask for some of them: ?indices=… or POST …/state/lookup, or page through"
				+ " ?touched=true'}"));
		assertThat(get("?tensor=b").status()).isEqualTo(200);
		assertThat(
				this.session.step(json("{'tensors':{'emb':{'grad':[1]}}}")).json().at("/errors/0/pointer").asString())
			.isEqualTo("/tensors/emb/indices");
		assertThat(lookup("{'tensors':{'emb':{}}}").json().at("/errors/0/pointer").asString())
			.isEqualTo("/tensors/emb/indices");
	}

	private static String numbers(Random random, int size) {
		return random.doubles(size, -2, 2).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
	}

	private static String join(List<String> members) {
		return String.join(",", members);
	}

}
