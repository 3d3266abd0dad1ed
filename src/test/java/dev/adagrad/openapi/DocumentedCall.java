package dev.adagrad.openapi;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/// A call as the API document has it.
///
/// @param method in lower case
/// @param path with `my-model` as its optimizer id
record DocumentedCall(String method, String path, JsonNode operation) {

	private static final String PROBLEMS = "/content/application~1problem+json/examples";

	/// All calls of a document.
	static List<DocumentedCall> allOf(JsonNode document) {
		return document.get("paths")
			.propertyStream()
			.flatMap((path) -> path.getValue()
				.propertyStream()
				.map((operation) -> new DocumentedCall(operation.getKey(), path.getKey().replace("{id}", "my-model"),
						operation.getValue())))
			.toList();
	}

	String id() {
		return this.operation.get("operationId").asString();
	}

	/// The answer to a call that is refused before its body matters.
	Answer send(TestClient client, String... headers) {
		return client.send(this.method.toUpperCase(Locale.ROOT), this.path, "", headers);
	}

	/// The names of the errors that it shows.
	Set<String> errors() {
		Set<String> names = new TreeSet<>();
		this.operation.get("responses")
			.valueStream()
			.forEach((response) -> names.addAll(response.at(PROBLEMS).propertyNames()));
		return names;
	}

	/// Compares an answer with an error that it shows, and the headers with those that
	/// are
	/// documented.
	void assertShown(String example, Answer answer) {
		JsonNode response = this.operation.at("/responses/" + answer.status());
		assertThat(answer.json()).as(id() + " " + example).isEqualTo(response.at(PROBLEMS + "/" + example + "/value"));
		assertHeaders(answer);
	}

	/// The same for an error whose detail has numbers that depend on the moment.
	void assertShownButForNumbers(String example, Answer answer) {
		JsonNode shown = this.operation.at("/responses/" + answer.status() + PROBLEMS + "/" + example + "/value");
		assertThat(withoutNumbers(answer.json())).as(id() + " " + example).isEqualTo(withoutNumbers(shown));
		assertHeaders(answer);
	}

	private void assertHeaders(Answer answer) {
		JsonNode documented = this.operation.at("/responses/" + answer.status() + "/headers");
		for (String header : List.of("WWW-Authenticate", "Retry-After", "RateLimit", "RateLimit-Policy")) {
			assertThat(answer.header(header).isEmpty() || documented.has(header))
				.as("%s %s of %s", answer.status(), header, id())
				.isTrue();
		}
	}

	private static Map.Entry<String, JsonNode> withoutNumbers(JsonNode problem) {
		String detail = problem.get("detail").asString().replaceAll("[0-9]+", "N");
		ObjectNode others = (ObjectNode) problem.deepCopy();
		others.remove("detail");
		return Map.entry(detail, others);
	}

}
