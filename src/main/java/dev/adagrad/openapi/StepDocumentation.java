package dev.adagrad.openapi;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.adagrad.problem.Problem;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.springdoc.core.customizers.OpenApiCustomizer;

import static java.util.Objects.requireNonNull;

/// The step's description, its examples with their true answers, and every error it can answer.
class StepDocumentation implements OpenApiCustomizer {

	private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

	private static final String PROBLEM_JSON = org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

	@Override
	public void customise(OpenAPI document) {
		document.getComponents().addSchemas("Problem", problemSchema());
		Operation step = requireNonNull(document.getPaths().get("/adagrad/step"), "no path for the step").getPost();
		step.description(Texts.STEP);
		MediaType request = mediaType(step.getRequestBody().getContent(), JSON);
		ApiResponse ok = requireNonNull(step.getResponses().get("200"), "no answer of the step")
			.description("The state after the step.");
		MediaType answer = mediaType(ok.getContent(), JSON);
		for (StepExample example : StepExample.values()) {
			request.addExamples(example.id(),
					new Example().summary(example.summary()).value(Resources.json(example.requestResource())));
			answer.addExamples(example.id(),
					new Example().summary(example.summary()).value(Resources.json(example.responseResource())));
		}
		ApiResponses responses = new ApiResponses();
		responses.addApiResponse("200", ok);
		errors().forEach(responses::addApiResponse);
		step.setResponses(responses);
	}

	/// One response per status, one example per error.
	private static Map<String, ApiResponse> errors() {
		Map<String, ApiResponse> responses = new LinkedHashMap<>();
		for (ErrorExample error : ErrorExample.values()) {
			Problem problem = error.problem();
			ApiResponse response = responses.computeIfAbsent(String.valueOf(problem.status().value()),
					(status) -> new ApiResponse().content(new Content().addMediaType(PROBLEM_JSON,
							new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")))));
			String line = "`" + problem.code() + "`: " + problem.title() + ".";
			String described = response.getDescription();
			response.setDescription(
					(described == null) ? line : described.contains(line) ? described : described + " " + line);
			mediaType(response.getContent(), PROBLEM_JSON).addExamples(error.id(),
					new Example().summary(error.summary()).value(Resources.json(error.resource())));
			error.header().ifPresent((name) -> response.addHeaderObject(name, new Header().schema(new StringSchema())));
		}
		return responses;
	}

	private static MediaType mediaType(Content content, String name) {
		return requireNonNull(content.get(name), name);
	}

	private static Schema<?> problemSchema() {
		Schema<?> error = new ObjectSchema()
			.addProperty("pointer",
					new StringSchema()
						.description("A JSON pointer (RFC 6901) into the body; empty for the whole of it."))
			.addProperty("detail", new StringSchema().description("The rule, and the value that breaks it."));
		error.setRequired(List.of("pointer", "detail"));
		// no enum: a client generated today must be able to read a code that is added
		// tomorrow
		Schema<?> code = new StringSchema().description("The kind of the problem, to be compared by programs: "
				+ Arrays.stream(Problem.values()).map(Problem::code).collect(Collectors.joining(", ")) + ".");
		Schema<?> lengths = new ObjectSchema().description("length-mismatch: the lengths, by field.");
		lengths.setAdditionalProperties(new IntegerSchema().format("int32"));
		Schema<?> problem = new ObjectSchema().description("What went wrong, and where (RFC 9457).")
			.addProperty("type",
					new StringSchema().format("uri-reference")
						.description("/problems/<code>; opens as a page that explains it."))
			.addProperty("title", new StringSchema().description("The kind of the problem, for people."))
			.addProperty("status", new IntegerSchema().format("int32").description("The HTTP status."))
			.addProperty("detail", new StringSchema().description("What is wrong with this request."))
			.addProperty("instance", new StringSchema().format("uri-reference").description("The path of the request."))
			.addProperty("code", code)
			.addProperty("errors", new ArraySchema().items(error)
				.maxItems(20)
				.description("invalid-field, length-mismatch: the places that break a rule, the first 20 of them."))
			.addProperty("line", new IntegerSchema().format("int32").description("malformed-body: 1-based."))
			.addProperty("column",
					new IntegerSchema().format("int32").description("malformed-body: 1-based, in characters."))
			.addProperty("lengths", lengths)
			.addProperty("limit",
					new IntegerSchema().format("int64").description("too-large: the limit that was exceeded."))
			.addProperty("tensor",
					new StringSchema()
						.description("non-finite-result: the name of the tensor that would not be finite."))
			.addProperty("index",
					new IntegerSchema().format("int32").description("non-finite-result: the first such element."));
		problem.setRequired(List.of("type", "title", "status", "detail", "code"));
		return problem;
	}

}
