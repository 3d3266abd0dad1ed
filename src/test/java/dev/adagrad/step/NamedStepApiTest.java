package dev.adagrad.step;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.adagrad.SafetensorsFile;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Named tensors in a stateless step: each is the step of it alone, but for the norm that all share.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class NamedStepApiTest {

	private static final String W = "'parameter':[1.0,-2.0,0.5],'grad':[0.3,-0.1,4.0],'G':[0.0,0.25,1.0]";

	private static final String B = "'parameter':[0.25],'grad':[-0.75],'G':[0.5]";

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	private JsonNode step(String request) {
		Answer answer = this.client.step(json(request));
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.json();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-",
			value = { "'dtype':'F64' | - | -", "'dtype':'F32' | - | -", "'weight_decay':0.1,'preset':'keras' | - | -",
					"'lr_decay':0.5,'step':4,'l1':0.25 | - | -",
					"'weight_decay':0.1 | 'weight_decay':0 | 'weight_decay':0.5", "'l1':1 | 'l1':0 | 'l2':0.5",
					"'clip_value':0.5 | 'clip_value':0.2 | -", "'clip_norm':0.5,'clip_norm_scope':'tensor' | - | -" })
	void eachIsTheStepOfItAlone(String all, @Nullable String ofW, @Nullable String ofB) {
		String w = (ofW == null) ? "" : "," + ofW;
		String b = (ofB == null) ? "" : "," + ofB;
		String include = ",'include':['update','effective_learning_rate']";
		JsonNode model = step("{'tensors':{'layers.0.weight':{" + W + w + "},'layers.0.bias':{" + B + b + "}}," + all
				+ include + "}");
		assertThat(model.propertyNames()).containsExactly("tensors");
		// what is set for the tensor stands where that of all did
		String others = "{" + without(all, ofW) + include;
		assertThat(model.get("tensors").get("layers.0.weight")).isEqualTo(step(others + "," + W + w + "}"));
		assertThat(model.get("tensors").get("layers.0.bias"))
			.isEqualTo(step("{" + without(all, ofB) + include + "," + B + b + "}"));
		assertThat(model.get("tensors").propertyNames()).containsExactly("layers.0.bias", "layers.0.weight");
	}

	private static String without(String all, @Nullable String own) {
		String name = (own == null) ? "none" : own.substring(0, own.indexOf(':'));
		return all.startsWith(name) ? "'dtype':'F64'" : all;
	}

	/// A factor of a power of two, so that all that it touches is exact.
	@Test
	void aNormIsThatOfAllTogether() {
		JsonNode model = step(
				"{'tensors':{'w':{'parameter':[0,0],'grad':[3,0],'G':[0,0]}," + "'b':{'parameter':0,'grad':4,'G':0},"
						+ "'frozen':{'parameter':[7],'grad':[1e9],'G':[2],'frozen':true}},"
						+ "'clip_norm':2.5,'epsilon':0,'learning_rate':1,'include':['metrics']}");
		assertThat(model.at("/tensors/w/G").toString()).isEqualTo("[2.25,0.0]");
		assertThat(model.at("/tensors/b/G").toString()).isEqualTo("4.0");
		assertThat(model.at("/tensors/b/parameter").toString()).isEqualTo("-1.0");
		assertThat(model.at("/tensors/frozen").toString()).isEqualTo(json("{'parameter':[7.0],'G':[2.0]}"));
		assertThat(model.get("metrics").toString())
			.isEqualTo(json("{'learning_rate':1.0,'grad_norm':5.0," + "'clip_factor':0.5,'update_norm':" + Math.sqrt(2)
					+ ",'parameter_norm':" + Math.sqrt(2) + ",'touched':3}"));
	}

	@Test
	void aScaleIsOfTheRate() {
		JsonNode model = step("{'tensors':{'a':{'parameter':1,'grad':2,'G':0,'learning_rate_scale':0.25},"
				+ "'b':{'parameter':1,'grad':2,'G':0,'learning_rate_scale':0}},'epsilon':0,'learning_rate':1}");
		assertThat(model.at("/tensors/a/parameter").asDouble()).isEqualTo(0.75);
		assertThat(model.at("/tensors/b/parameter").asDouble()).isEqualTo(1);
		assertThat(model.at("/tensors/b/G").asDouble()).isEqualTo(4);
	}

	/// (3² + 4²) / 2 = 12.5 beside 3.5 makes 16; the second row has no gradient.
	@Test
	void rowsShareTheirG() {
		for (String shape : List.of("", ",'shape':[2,2]", ",'shape':[2,1,2]")) {
			JsonNode model = step("{'tensors':{'emb':{'parameter':[1,2,3,4],'grad':[3,4,0,0],'G':[3.5,0],"
					+ "'accumulator':'row'" + shape + "},'w':{" + W
					+ "}},'epsilon':0,'learning_rate':1,'include':['effective_learning_rate']}");
			assertThat(model.at("/tensors/emb").toString()).isEqualTo(
					json("{'parameter':[0.25,1.0,3.0,4.0],'G':[16.0,0.0],'effective_learning_rate':[0.25,0.0]}"));
			assertThat(model.at("/tensors/w"))
				.isEqualTo(step("{" + W + ",'epsilon':0,'learning_rate':1,'include':['effective_learning_rate']}"));
		}
	}

	@Test
	void aFileHasATensorForEachFieldOfEach() {
		SafetensorsFile file = new SafetensorsFile().with("learning_rate", 1)
			.with("epsilon", 0)
			.with("include", "metrics,update")
			.with("tensors", json("{'params/emb':{'accumulator':'row'},'b':{'learning_rate_scale':0.5}}"))
			.floats("parameter/params/emb", List.of(2, 2), 1, 2, 3, 4)
			.floats("grad/params/emb", List.of(2, 2), 3, 4, 0, 0)
			.floats("G/params/emb", 3.5f, 0)
			.floats("parameter/b", List.of(), 1)
			.floats("grad/b", List.of(), 2)
			.floats("G/b", List.of(), 0);
		Answer answer = this.client.step(file);
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		SafetensorsFile result = answer.file();
		assertThat(result.names()).containsExactlyInAnyOrder("parameter/params/emb", "G/params/emb",
				"update/params/emb", "parameter/b", "G/b", "update/b");
		assertThat(result.dtype("parameter/b")).isEqualTo("F32");
		assertThat(result.shape("parameter/params/emb")).containsExactly(2, 2);
		assertThat(result.shape("G/params/emb")).containsExactly(2);
		assertThat(result.shape("parameter/b")).isEmpty();
		assertThat(result.doubles("parameter/params/emb")).containsExactly(0.25, 1, 3, 4);
		assertThat(result.doubles("parameter/b")).containsExactly(0.5);
		assertThat(result.metadata().get("metrics")).contains(json("'touched':5"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{'tensors':{}} | /tensors | must name at least one tensor",
			"{'tensors':[]} | /tensors | must be an object with a member for each tensor, was an array",
			"{'tensors':{'w':3}} | /tensors/w | must be an object, was a number",
			"{'tensors':{'':{}}} | /tensors/ | is no name of a tensor: must match [A-Za-z0-9_.:/-]{1,255}",
			"{'tensors':{'a b':{}}} | /tensors/a b | is no name of a tensor: must match [A-Za-z0-9_.:/-]{1,255}",
			"{'tensors':{'a/b':{'gard':1}}} | /tensors/a~1b/gard | is an unknown field; did you mean \"grad\"?*",
			"{'tensors':{'a/b':{'grad':[1],'grad':[1]}}} | /tensors/a~1b/grad | is a duplicate field; it must stand only once",
			"{'tensors':{'a':{'parameter':1,'grad':1,'G':1},'a':{}}} | /tensors/a | is a duplicate name; it must stand only once",
			"{'tensors':{'a/b':{'grad':[1,'2']}}} | /tensors/a~1b/grad/1 | must be a number, was a string",
			"{'tensors':{'a/b':{'parameter':[1],'grad':[1],'G':[-1]}}} | /tensors/a~1b/G/0 | must be ≥ 0, was -1.0",
			"{'tensors':{'a/b':{'parameter':[1],'grad':[1]}}} | /tensors/a~1b/G | is required: send zeros before the first step",
			"{'tensors':{'a':{'parameter':1,'grad':1,'G':1,'weight_decay':-1}}} | /tensors/a/weight_decay | must be ≥ 0, was -1.0",
			"{'tensors':{'a':{'parameter':1,'grad':1,'G':1,'shape':[2]}}} | /tensors/a/shape | is [2], but parameter is a number",
			"{'tensors':{'a':{'parameter':1,'grad':1,'G':1,'shape':[0]}}} | /tensors/a/shape/0 | must be ≥ 1, was 0",
			"{'tensors':{'a':{'parameter':1,'grad':1,'G':1,'shape':[1,1,1,1,1,1,1,1,1]}}} | /tensors/a/shape | must have at most 8 dimensions",
			"{'tensors':{'a':{'parameter':[1,2,3],'grad':[1,2,3],'G':[1,2],'accumulator':'row'}}} | /tensors/a/G | is an array of length 2, but must have an element for each row of parameter, which is an array of length 3",
			"{'tensors':{'a':{'parameter':[1,2],'grad':[1,2],'G':[1],'accumulator':'row','shape':[2,1]}}} | /tensors/a/G | is an array of length 1, but must have an element for each row of parameter, whose shape is [2, 1]",
			"{'tensors':{'a':{'parameter':1,'grad':1,'G':1,'clip_value':1}},'clip_norm':1} | /tensors/a/clip_value | must not stand beside clip_norm: use one of the two",
			"{'tensors':{'a':{'parameter':1e39,'grad':1,'G':1}},'dtype':'F32'} | /tensors/a/parameter | must fit F32, was 1.0E39",
			"{'tensors':{'a':{'parameter':1,'grad':1,'G':1}},'grad':1} | /tensors | must not stand beside grad" })
	void refusalsNameTheTensor(String request, String pointer, String detail) {
		Answer answer = this.client.step(json(request));
		assertThat(answer.status()).as(answer.body()).isEqualTo(422);
		JsonNode error = answer.json().get("errors").get(0);
		assertThat(error.get("pointer").asString()).isEqualTo(pointer);
		if (detail.endsWith("*")) {
			assertThat(error.get("detail").asString()).startsWith(detail.substring(0, detail.length() - 1));
		}
		else {
			assertThat(error.get("detail").asString()).isEqualTo(detail);
		}
	}

	@Test
	void lengthsThatDoNotMatchAreNamed() {
		Answer answer = this.client.step(json("{'tensors':{'a':{'parameter':[1,2],'grad':[1],'G':[1,2]}}}"));
		assertThat(answer.json().get("code").asString()).isEqualTo("length-mismatch");
		assertThat(answer.json().at("/errors/0/pointer").asString()).isEqualTo("/tensors/a/grad");
	}

	@Test
	void whatIsNotFiniteIsNamed() {
		for (String name : List.of("a", "emb", "z")) {
			String tensors = Stream.of("z", "emb", "a")
				.map((each) -> "'" + each + "':{'parameter':[1,2,3,4],'grad':[1,1,1,"
						+ (each.equals(name) ? "1e200" : "1") + "],'G':"
						+ (each.equals("emb") ? "[0,0],'accumulator':'row'" : "[0,0,0,0]") + "}")
				.collect(Collectors.joining(","));
			Answer answer = this.client.step(json("{'tensors':{" + tensors + "}}"));
			assertThat(answer.status()).isEqualTo(422);
			JsonNode problem = answer.json();
			assertThat(problem.get("code").asString()).isEqualTo("non-finite-result");
			assertThat(problem.get("name").asString()).isEqualTo(name);
			assertThat(problem.get("tensor").asString()).isEqualTo("G");
			int index = name.equals("emb") ? 1 : 3;
			assertThat(problem.get("index").asInt()).isEqualTo(index);
			assertThat(problem.get("detail").asString())
				.isEqualTo("G[" + index + "] of " + name + " would be Infinity; nothing was changed");
		}
	}

	@Test
	void aNormBeyondF64IsNoElement() {
		Answer answer = this.client.step(json(
				"{'tensors':{'a':{'parameter':[1.7e308,1.7e308],'grad':[0,0],'G':[1,1]}}," + "'include':['metrics']}"));
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.json().get("tensor").asString()).isEqualTo("parameter_norm");
		assertThat(answer.json().has("index")).isFalse();
		assertThat(answer.json().get("detail").asString())
			.isEqualTo("parameter_norm, which metrics ask for, would be Infinity; nothing was changed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "grad/ | has no name of a tensor behind grad/*",
					"gard/w | is an unknown field; did you mean \"grad\"?*",
					"frozen/w | must be a string in __metadata__, was a tensor" })
	void tensorsOfAFileNameAFieldAndATensor(String name, String detail) {
		Answer answer = this.client.step(new SafetensorsFile().doubles(name, 1));
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.json().at("/errors/0/detail").asString())
			.startsWith(detail.endsWith("*") ? detail.substring(0, detail.length() - 1) : detail);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "{'w':{'grad':[1]}} | /tensors/w/grad | must be a tensor of the file, not JSON",
					"{'w':{'frozen':1}} | /tensors/w/frozen | must be true or false, was a number",
					"{'w':{'frozen':true} | /tensors | must be, in the metadata, the JSON that would stand there: *" })
	void whatStandsBesideTheTensorsOfAFileIsReadAsStrictly(String json, String pointer, String detail) {
		Answer answer = this.client.step(new SafetensorsFile().with("tensors", json(json))
			.doubles("parameter/w", 1)
			.doubles("grad/w", 1)
			.doubles("G/w", 1));
		assertThat(answer.status()).as(answer.body()).isEqualTo(422);
		assertThat(answer.json().at("/errors/0/pointer").asString()).isEqualTo(pointer);
		assertThat(answer.json().at("/errors/0/detail").asString())
			.startsWith(detail.endsWith("*") ? detail.substring(0, detail.length() - 1) : detail);
	}

	/// As large as those of real models: 300 tensors with long names.
	@Test
	void aModelOfHundredsOfTensorsIsOneStep() {
		SafetensorsFile file = new SafetensorsFile().with("learning_rate", 1).with("epsilon", 0);
		for (int i = 0; i < 300; i++) {
			String name = "model.encoder.layers." + i + ".self_attention.output.dense.weight";
			file.doubles("parameter/" + name, i, 1).doubles("grad/" + name, 2, 0).doubles("G/" + name, 0, 4);
		}
		assertThat(file.header().length()).isGreaterThan(64 * 1024);
		SafetensorsFile result = this.client.step(file).file();
		assertThat(result.names()).hasSize(600);
		for (int i = 0; i < 300; i++) {
			assertThat(result.doubles("parameter/model.encoder.layers." + i + ".self_attention.output.dense.weight"))
				.containsExactly(i - 1, 1);
		}
	}

}
