package dev.adagrad.step;

import java.util.List;
import java.util.stream.StreamSupport;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What is refused, and whether the answer tells what to fix.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class StepRefusalTest {

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{'parameter':[1,NaN]} | 1 | 17", "{'parameter':[1,\\n 2,]} | 2 | 4",
			"'' | 1 | 1", "{} x | 1 | 4", "{'parameter':[1 | 1 | 16", "// c | 1 | 1", "[1,2 | 1 | 5" })
	void malformed(String body, int line, int column) {
		Answer answer = this.client.step(json(body).replace("\\n", "\n"));
		assertThat(answer.status()).as(body).isEqualTo(400);
		assertThat(answer.problemCode()).isEqualTo("malformed-body");
		assertThat(answer.json().get("line").asInt()).as(answer.body()).isEqualTo(line);
		assertThat(answer.json().get("column").asInt()).as(answer.body()).isEqualTo(column);
		assertThat(answer.json().get("detail").asString()).contains("line " + line + ", column " + column);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "[] | ''", "3 | ''", "{'parameter':1,'grad':1,'G':1,'gard':1} | /gard",
			"{'parameter':1,'parameter':1} | /parameter", "{'parameter':'MTIzNDU2Nzg='} | /parameter",
			"{'parameter':[1,'2.5']} | /parameter/1", "{'parameter':null} | /parameter",
			"{'parameter':[1,null]} | /parameter/1", "{'parameter':[[1]]} | /parameter/0",
			"{'parameter':[]} | /parameter", "{'parameter':[1e400]} | /parameter/0",
			"{'parameter':1,'grad':1e39,'G':1,'dtype':'F32'} | /grad",
			"{'dtype':'F32','parameter':[1],'grad':[1],'G':[1e39]} | /G/0", "{'parameter':true} | /parameter",
			"{'parameter':{}} | /parameter", "{'parameter':1,'grad':1,'G':-1} | /G",
			"{'parameter':[1,1],'grad':[1,1],'G':[1,-1e-300]} | /G/1", "{'parameter':1,'grad':[1],'G':1} | /grad",
			"{'parameter':[1],'grad':[1],'G':1} | /G",
			"{'parameter':1,'grad':1,'G':1,'learning_rate':-0.1} | /learning_rate",
			"{'parameter':1,'grad':1,'G':1,'epsilon':-1e-9} | /epsilon",
			"{'parameter':1,'grad':1,'G':1,'lr_decay':-1} | /lr_decay",
			"{'parameter':1,'grad':1,'G':1,'weight_decay':-1} | /weight_decay",
			"{'parameter':1,'grad':1,'G':1,'clip_value':0} | /clip_value",
			"{'parameter':1,'grad':1,'G':1,'clip_norm':0} | /clip_norm",
			"{'parameter':1,'grad':1,'G':1,'clip_norm':1,'clip_value':1} | /clip_norm",
			"{'parameter':1,'grad':1,'G':1,'step':0} | /step", "{'parameter':1,'grad':1,'G':1,'step':1.5} | /step",
			"{'parameter':1,'grad':1,'G':1,'step':9223372036854775808} | /step",
			"{'parameter':1,'grad':1,'G':1,'dtype':'f64'} | /dtype",
			"{'parameter':1,'grad':1,'G':1,'preset':'adam'} | /preset",
			"{'parameter':1,'grad':1,'G':1,'maximize':'true'} | /maximize",
			"{'parameter':1,'grad':1,'G':1,'include':['update','Update']} | /include/1",
			"{'parameter':1,'grad':1,'G':1,'learning_rate':1e999} | /learning_rate", "{'grad':1,'G':1} | /parameter" })
	void invalid(String body, String pointer) {
		Answer answer = this.client.step(json(body));
		assertThat(answer.status()).as(answer.body()).isEqualTo(422);
		assertThat(answer.problemCode()).isEqualTo("invalid-field");
		assertThat(pointers(answer)).as(answer.body()).containsExactly(pointer);
	}

	@Test
	void allMissingFieldsAreNamedAtOnce() {
		Answer answer = this.client.step("{}");
		assertThat(answer.problemCode()).isEqualTo("invalid-field");
		assertThat(pointers(answer)).containsExactlyInAnyOrder("/parameter", "/grad", "/G");
	}

	@Test
	void lengthsAreComparedWhereATensorIsMissing() {
		Answer answer = this.client.step(json("{'grad':[1,2],'G':[0,0,0]}"));
		assertThat(answer.problemCode()).isEqualTo("invalid-field");
		assertThat(pointers(answer)).containsExactly("/G", "/parameter");
		assertThat(answer.json().at("/errors/0/detail").asString())
			.isEqualTo("is an array of length 3, but grad is an array of length 2");
	}

	@Test
	void differentLengthsAreBothNamed() {
		Answer answer = this.client.step(json("{'parameter':[1,2,3],'grad':[1,2],'G':[0,0,0]}"));
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.problemCode()).isEqualTo("length-mismatch");
		assertThat(answer.json().get("lengths").toString()).isEqualTo(json("{'parameter':3,'grad':2}"));
		assertThat(pointers(answer)).containsExactly("/grad");
		assertThat(answer.json().at("/errors/0/detail").asString()).contains("length 2").contains("length 3");
	}

	@Test
	void aQueryParameterIsRefusedAndNotIgnored() {
		Answer answer = this.client.send("POST", "/adagrad/step?lr=0.1", json("{'parameter':1,'grad':1,'G':0}"),
				"Content-Type", "application/json");
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.json().get("detail").asString())
			.isEqualTo("there is no query parameter lr; POST /adagrad/step "
					+ "takes no query parameters: what it needs stands in its body or headers");
	}

	@Test
	void anOverflowNamesTensorAndIndex() {
		Answer answer = this.client.step(json("{'parameter':[1,2],'grad':[1,1e200],'G':[0,0]}"));
		assertThat(answer.status()).isEqualTo(422);
		assertThat(answer.problemCode()).isEqualTo("non-finite-result");
		assertThat(answer.json().get("tensor").asString()).isEqualTo("G");
		assertThat(answer.json().get("index").asInt()).isEqualTo(1);
	}

	@RepeatedTest(5)
	void errorsAtOnePlaceHaveOneOrder() {
		Answer answer = this.client.step(json("{'parameter':1,'grad':1,'G':1,'clip_norm':-1,'clip_value':1}"));
		assertThat(pointers(answer)).containsExactly("/clip_norm", "/clip_norm");
		assertThat(answer.json().at("/errors/0/detail").asString()).isEqualTo("must be > 0, was -1.0");
	}

	@Test
	void theValueAndTheRuleAreSaid() {
		Answer answer = this.client.step(json("{'parameter':1,'grad':1,'G':1,'learning_rate':-0.5}"));
		assertThat(answer.json().at("/errors/0/detail").asString()).isEqualTo("must be ≥ 0, was -0.5");
	}

	@Test
	void theLanguageOfTheClientChangesNothing() {
		Answer answer = this.client.send("POST", "/adagrad/step", "{}", "Content-Type", "application/json",
				"Accept-Language", "de");
		assertThat(answer.json().at("/errors/0/detail").asString())
			.isEqualTo("is required: send zeros before the first step");
	}

	private static List<String> pointers(Answer answer) {
		return StreamSupport.stream(answer.json().get("errors").spliterator(), false)
			.map((JsonNode error) -> error.get("pointer").asString())
			.toList();
	}

}
