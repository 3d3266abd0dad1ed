package dev.adagrad.openapi;

import java.util.EnumSet;
import java.util.Set;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.springdoc.core.customizers.OpenApiCustomizer;

import static java.util.Objects.requireNonNull;

/// The step's description, its examples with their true answers, and every error it can answer.
class StepDocumentation implements OpenApiCustomizer {

	private static final String PATH = "/adagrad/step";

	private static final Set<ErrorExample> ERRORS = EnumSet.of(ErrorExample.MALFORMED_BODY, ErrorExample.MALFORMED_FILE,
			ErrorExample.MALFORMED_HEADER, ErrorExample.TENSORS_NOT_ACCEPTABLE, ErrorExample.REQUEST_TIMEOUT,
			ErrorExample.TOO_LARGE, ErrorExample.UNSUPPORTED_MEDIA_TYPE, ErrorExample.INVALID_FIELD,
			ErrorExample.UNKNOWN_FIELD, ErrorExample.LENGTH_MISMATCH, ErrorExample.HALF_PRECISION,
			ErrorExample.NON_FINITE_RESULT, ErrorExample.INTERNAL_ERROR, ErrorExample.OVERLOADED);

	@Override
	public void customise(OpenAPI document) {
		Operation step = requireNonNull(document.getPaths().get(PATH), "no path for the step").getPost();
		step.description(Texts.STEP);
		MediaType request = Responses.mediaType(step.getRequestBody().getContent(), Responses.JSON);
		ApiResponse ok = requireNonNull(step.getResponses().get("200"), "no answer of the step")
			.description("The state after the step.");
		MediaType answer = Responses.mediaType(ok.getContent(), Responses.JSON);
		for (StepExample example : StepExample.values()) {
			request.addExamples(example.id(),
					new Example().summary(example.summary()).value(Resources.json(example.requestResource())));
			answer.addExamples(example.id(),
					new Example().summary(example.summary()).value(Resources.json(example.responseResource())));
		}
		ApiResponses responses = new ApiResponses();
		responses.addApiResponse("200", ok);
		Responses.errors(ERRORS, PATH).forEach(responses::addApiResponse);
		step.setResponses(responses);
	}

}
