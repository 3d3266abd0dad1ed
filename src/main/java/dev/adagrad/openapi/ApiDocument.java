package dev.adagrad.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.adagrad.refusal.Code;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import org.springframework.core.io.ClassPathResource;

/// The OpenAPI document: `openapi.yaml`, which people review, completed with what the program knows better.
///
/// 1. Parts about sessions are left out if the service has no sessions.
/// 2. An example that names a file becomes the content of the file.
/// 3. The scope of a call (`x-scope`) becomes its `security`, and a sentence of its description, since Swagger UI does not
/// show the scopes of keys. Schemes that the service does not take are left out.
/// 4. The names of errors (`x-errors`) become responses, one per status, with an example of each error.
final class ApiDocument {

	private static final String OF_SESSIONS = "x-sessions";

	private static final String ERRORS = "x-errors";

	/// Marks the beginning of a line about sessions.
	private static final String LINE_OF_SESSIONS = "[sessions]";

	private ApiDocument() {
	}

	/// @param version the version of the service
	/// @param sessions whether the service has sessions
	/// @param asked what it asks its callers for
	static OpenAPI of(String version, boolean sessions, Credential asked) {
		ObjectNode document = Json31.mapper().valueToTree(fitting(file(), sessions));
		document.remove("x-shared");
		ObjectNode errors = (ObjectNode) document.remove(ERRORS);
		((ObjectNode) document.get("info")).put("version", version);
		((ObjectNode) document.at("/components/securitySchemes")).retain(asked.schemes());
		document.get("paths").properties().forEach((path) -> path.getValue().forEach((node) -> {
			ObjectNode operation = (ObjectNode) node;
			String scope = operation.remove("x-scope").asText();
			addSecurity(operation, scope, asked);
			errorsOf(operation, errors).map((name) -> new Problem(name, errors.get(name), path.getKey(), scope))
				.sorted(Comparator.comparingInt(Problem::status))
				.forEach((problem) -> addError((ObjectNode) operation.get("responses"), problem));
		}));
		return Json31.mapper().convertValue(document, OpenAPI.class);
	}

	private static void addSecurity(ObjectNode operation, String scope, Credential asked) {
		operation.put("description", operation.get("description").asText() + "\n\nNeeds the scope `" + scope + "`.");
		ArrayNode security = operation.putArray("security");
		asked.schemes().forEach((scheme) -> security.addObject().putArray(scheme).add(scope));
		if (asked == Credential.NONE) {
			security.addObject();
		}
	}

	/// The names of the errors that a call can answer.
	private static Stream<String> errorsOf(ObjectNode operation, JsonNode errors) {
		return Stream.concat(operation.remove(ERRORS).valueStream().map(JsonNode::asText),
				errors.propertyStream()
					.filter((error) -> error.getValue().path("everywhere").asBoolean())
					.map(Map.Entry::getKey));
	}

	private static Map<?, ?> file() {
		try (InputStream in = resource("openapi.yaml")) {
			LoaderOptions options = new LoaderOptions();
			// the file is ours, so aliases that expand to much text are not an attack
			options.setMaxAliasesForCollections(Integer.MAX_VALUE);
			return new Yaml(new SafeConstructor(options)).load(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// The parts of a node that fit a service with or without sessions.
	private static Object fitting(Object node, boolean sessions) {
		return switch (node) {
			case Map<?, ?> map -> {
				Map<Object, Object> fitting = new LinkedHashMap<>();
				map.forEach((key, value) -> {
					if (!key.equals(OF_SESSIONS) && (sessions || !isOfSessions(value))) {
						fitting.put(key, key.equals("value") ? example(value) : fitting(value, sessions));
					}
				});
				yield fitting;
			}
			case List<?> list -> list.stream()
				.filter((each) -> sessions || !isOfSessions(each))
				.map((each) -> fitting(each, sessions))
				.toList();
			case String text -> text.lines()
				.filter((line) -> sessions || !line.startsWith(LINE_OF_SESSIONS))
				.map((line) -> line.startsWith(LINE_OF_SESSIONS) ? line.substring(LINE_OF_SESSIONS.length()).strip()
						: line)
				.collect(Collectors.joining("\n"))
				.replace("{codes}", Code.answered(sessions).stream().map(Code::code).collect(Collectors.joining(", ")));
			default -> node;
		};
	}

	private static boolean isOfSessions(Object node) {
		return node instanceof Map<?, ?> map && Boolean.TRUE.equals(map.get(OF_SESSIONS));
	}

	private static void addError(ObjectNode responses, Problem problem) {
		ObjectNode response = responses.withObjectProperty(String.valueOf(problem.status()));
		String line = "`" + problem.code().code() + "`: " + problem.code().title() + ".";
		String told = response.path("description").asText();
		if (!told.contains(line)) {
			response.put("description", (told + " " + line).strip());
		}
		if (problem.error().has("headers")) {
			response.withObjectProperty("headers").setAll((ObjectNode) problem.error().get("headers"));
		}
		ObjectNode content = response.withObjectProperty("content").withObjectProperty("application/problem+json");
		content.withObjectProperty("schema").put("$ref", "#/components/schemas/Problem");
		ObjectNode example = content.withObjectProperty("examples").withObjectProperty(problem.name());
		example.set("summary", problem.error().get("summary"));
		example.set("value", problem.example());
	}

	private static JsonNode example(Object file) {
		try (InputStream in = resource(file.toString())) {
			return Json31.mapper().readTree(in);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static InputStream resource(String name) throws IOException {
		return new ClassPathResource("openapi/" + name).getInputStream();
	}

	/// An error that a call can answer.
	///
	/// @param error what `x-errors` says of it
	/// @param example an answer, which also has the status: those of one code may differ
	private record Problem(String name, JsonNode error, ObjectNode example) {

		Problem(String name, JsonNode error, String path, String scope) {
			this(name, error, (ObjectNode) ApiDocument.example("problem/" + name + ".json"));
			this.example.put("instance", path.replace("{id}", "my-model"));
			this.example.put("detail", this.example.get("detail").asText().replace("{scope}", scope));
		}

		Code code() {
			return Code.ofCode(this.error.get("code").asText()).orElseThrow();
		}

		int status() {
			return this.example.get("status").asInt();
		}

	}

}
