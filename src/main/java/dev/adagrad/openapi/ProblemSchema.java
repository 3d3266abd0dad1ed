package dev.adagrad.openapi;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.adagrad.problem.Problem;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import org.springdoc.core.customizers.OpenApiCustomizer;

/// What every error looks like.
class ProblemSchema implements OpenApiCustomizer {

	private final Set<Problem> problems;

	/// @param problems those that can be answered
	ProblemSchema(Set<Problem> problems) {
		this.problems = problems;
	}

	@Override
	public void customise(OpenAPI document) {
		Schema<?> error = new ObjectSchema()
			.addProperty("pointer",
					new StringSchema()
						.description("A JSON pointer (RFC 6901) into the body; empty for the whole of it."))
			.addProperty("detail", new StringSchema().description("The rule, and the value that breaks it."));
		error.setRequired(List.of("pointer", "detail"));
		// no enum: a client generated today must be able to read a code that is added
		// tomorrow
		Schema<?> code = new StringSchema().description("The kind of the problem, to be compared by programs: "
				+ this.problems.stream().map(Problem::code).collect(Collectors.joining(", ")) + ".");
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
			.addProperty("errors",
					new ArraySchema().items(error)
						.maxItems(20)
						.description("The places that break a rule, the first 20 of them."))
			.addProperty("line", new IntegerSchema().format("int32").description("malformed-body of JSON: 1-based."))
			.addProperty("column",
					new IntegerSchema().format("int32").description("malformed-body of JSON: 1-based, in characters."))
			.addProperty("offset",
					new IntegerSchema().format("int64")
						.description("malformed-body of a safetensors file: how many bytes go before the place."))
			.addProperty("lengths", lengths)
			.addProperty("limit",
					new IntegerSchema().format("int64").description("too-large: the limit that was exceeded."))
			.addProperty("tensor",
					new StringSchema()
						.description("non-finite-result: the name of the tensor that would not be finite."))
			.addProperty("index",
					new IntegerSchema().format("int32").description("non-finite-result: the first such element."));
		if (this.problems.contains(Problem.STEP_MISMATCH)) {
			problem
				.addProperty("step",
						new IntegerSchema().format("int64")
							.description("step-mismatch, step-superseded: how many steps the session has taken."))
				.addProperty("applied_step", new IntegerSchema().format("int64")
					.description("step-superseded, idempotency-key-reused: the step that the key was used for."));
		}
		problem.setRequired(List.of("type", "title", "status", "detail", "code"));
		document.getComponents().addSchemas("Problem", problem);
	}

}
