package dev.adagrad.openapi;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.adagrad.session.OptimizerId;
import dev.adagrad.wire.Safetensors;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import org.springdoc.core.customizers.OpenApiCustomizer;

import static java.util.Objects.requireNonNull;

/// The calls on sessions: parameters, examples with their true answers, and every error that each can answer.
///
/// What the examples say is filled in where the document is shown as a page, so no example may break a call that is made
/// after those before it: headers that would are shown in their schemas alone.
class SessionDocumentation implements OpenApiCustomizer {

	/// The calls in the order in which they are shown and can be made, by operation id.
	static final List<String> ORDER = List.of("putSession", "getSession", "stepSession", "getState", "lookupState",
			"putState", "listSessions", "createSession", "deleteSession");

	private static final String ID = "my-model";

	private static final String ENTITY_TAG = "\"1-9f86d081884c7d65\"";

	private static final String CREATED = "201";

	private static final String OK = "200";

	private static final String NO_CONTENT = "204";

	private static final String NOT_MODIFIED = "304";

	private static final String DESCRIPTION = "SessionDescription";

	private static final Set<ErrorExample> ALWAYS = EnumSet.of(ErrorExample.INTERNAL_ERROR,
			ErrorExample.STORE_UNAVAILABLE, ErrorExample.STORE_DAMAGED);

	private static final Set<ErrorExample> WITH_BODY = EnumSet.of(ErrorExample.MALFORMED_BODY,
			ErrorExample.MALFORMED_FILE, ErrorExample.MALFORMED_HEADER, ErrorExample.REQUEST_TIMEOUT,
			ErrorExample.TOO_LARGE, ErrorExample.UNSUPPORTED_MEDIA_TYPE, ErrorExample.OVERLOADED,
			ErrorExample.STORE_FULL);

	@Override
	public void customise(OpenAPI document) {
		document.addTagsItem(new Tag().name("sessions").description(Texts.SESSIONS));
		Map<String, Operation> operations = new HashMap<>();
		Map<Operation, String> paths = new HashMap<>();
		document.getPaths().forEach((path, item) -> item.readOperations().forEach((operation) -> {
			operations.put(operation.getOperationId(), operation);
			paths.put(operation, path.replace("{id}", ID));
		}));
		for (String id : ORDER) {
			Operation operation = requireNonNull(operations.get(id), id);
			describe(id, operation, requireNonNull(paths.get(operation), id));
		}
	}

	private static void describe(String id, Operation operation, String path) {
		switch (id) {
			case "putSession" -> {
				operation.description(Texts.PUT_SESSION)
					.parameters(List.of(id(), header("If-None-Match", Texts.IF_NONE_MATCH_ANY, "*")));
				requests(operation, SessionExample.HELD);
				responses(operation, path,
						Map.of(CREATED, created(SessionExample.HELD), OK,
								answer(DESCRIPTION, "It exists, and was created with the same.", "ETag")),
						errors(WITH_BODY, ErrorExample.NOT_ACCEPTABLE, ErrorExample.MALFORMED_IF_NONE_MATCH,
								ErrorExample.SESSION_EXISTS, ErrorExample.SESSION_BUSY, ErrorExample.SESSION_RULED_OUT,
								ErrorExample.INVALID_SESSION, ErrorExample.UNEQUAL_INITIAL_TENSORS,
								ErrorExample.HALF_PRECISION));
				examples(operation, OK, SessionExample.HELD_AGAIN);
			}
			case "getSession" -> {
				operation.description(Texts.GET_SESSION)
					.parameters(List.of(id(), header("If-None-Match", Texts.IF_NONE_MATCH, ENTITY_TAG)));
				responses(operation, path,
						Map.of(OK, answer(DESCRIPTION, "The session.", "ETag"), NOT_MODIFIED, notModified()),
						errors(Set.of(), ErrorExample.NOT_ACCEPTABLE, ErrorExample.MALFORMED_IF_NONE_MATCH,
								ErrorExample.SESSION_NOT_FOUND));
				examples(operation, OK, SessionExample.HELD);
			}
			case "stepSession" -> {
				operation.description(Texts.STEP_SESSION)
					.parameters(
							List.of(id(), header("Idempotency-Key", Texts.IDEMPOTENCY_KEY, "\"step-41 of worker 7\""),
									header("If-Match", Texts.IF_MATCH, "\"41\""),
									header("Prefer", Texts.PREFER, "return=minimal")));
				requests(operation, SessionExample.GRADIENT, SessionExample.EVERYTHING_ANSWERED,
						SessionExample.OWN_RATE, SessionExample.SPARSE);
				responses(operation, path,
						Map.of(OK,
								tensors("SessionStepResponse", "The session after the step.", "ETag",
										"Idempotency-Replayed", "Preference-Applied")),
						errors(WITH_BODY, ErrorExample.TENSORS_NOT_ACCEPTABLE, ErrorExample.MALFORMED_IF_MATCH,
								ErrorExample.SESSION_NOT_FOUND, ErrorExample.STEP_SUPERSEDED, ErrorExample.SESSION_BUSY,
								ErrorExample.STEP_MISMATCH, ErrorExample.PARAMETER_HELD,
								ErrorExample.UNEQUAL_PARAMETERS, ErrorExample.SHORT_GRADIENT,
								ErrorExample.SINGLE_GRADIENT, ErrorExample.INDEX_OUT_OF_RANGE,
								ErrorExample.IDEMPOTENCY_KEY_REUSED, ErrorExample.NON_FINITE_RESULT));
				examples(operation, OK, SessionExample.GRADIENT, SessionExample.EVERYTHING_ANSWERED,
						SessionExample.OWN_RATE, SessionExample.SPARSE, SessionExample.MINIMAL,
						SessionExample.REPLAYED);
			}
			case "getState" -> {
				operation.description(Texts.GET_STATE)
					.parameters(List.of(id(), indices(), header("If-None-Match", Texts.IF_NONE_MATCH, ENTITY_TAG)));
				responses(operation, path,
						Map.of(OK, tensors("StateResponse", "The state.", "ETag"), NOT_MODIFIED, notModified()),
						errors(Set.of(ErrorExample.OVERLOADED, ErrorExample.STORE_FULL),
								ErrorExample.TENSORS_NOT_ACCEPTABLE, ErrorExample.MALFORMED_IF_NONE_MATCH,
								ErrorExample.SESSION_NOT_FOUND, ErrorExample.MALFORMED_URL,
								ErrorExample.INVALID_INDICES, ErrorExample.INDEX_OUT_OF_RANGE));
				examples(operation, OK, SessionExample.STATE, SessionExample.ELEMENTS);
			}
			case "lookupState" -> {
				operation.description(Texts.LOOKUP_STATE).parameters(List.of(id()));
				requests(operation, SessionExample.ELEMENTS);
				responses(operation, path, Map.of(OK, tensors("StateResponse", "These elements.", "ETag")), errors(
						Set.of(ErrorExample.MALFORMED_BODY, ErrorExample.MALFORMED_FILE, ErrorExample.MALFORMED_HEADER,
								ErrorExample.UNSUPPORTED_MEDIA_TYPE, ErrorExample.REQUEST_TIMEOUT,
								ErrorExample.OVERLOADED),
						ErrorExample.TENSORS_NOT_ACCEPTABLE, ErrorExample.SESSION_NOT_FOUND,
						ErrorExample.TOO_MANY_INDICES, ErrorExample.MISSING_INDICES, ErrorExample.FRACTIONAL_INDICES,
						ErrorExample.INDEX_OUT_OF_RANGE));
				examples(operation, OK, SessionExample.ELEMENTS);
			}
			case "putState" -> {
				operation.description(Texts.PUT_STATE)
					.parameters(List.of(id(), header("If-Match", Texts.IF_MATCH, ENTITY_TAG)));
				requests(operation, SessionExample.STATE);
				responses(operation, path,
						Map.of(NO_CONTENT,
								new ApiResponse().description("Restored.")
									.addHeaderObject("ETag", Responses.header("ETag"))),
						errors(WITH_BODY, ErrorExample.MALFORMED_IF_MATCH, ErrorExample.SESSION_NOT_FOUND,
								ErrorExample.SESSION_BUSY, ErrorExample.STEP_MISMATCH, ErrorExample.INVALID_STATE,
								ErrorExample.SHORT_STATE, ErrorExample.SINGLE_STATE));
			}
			case "listSessions" -> {
				operation.description(Texts.LIST_SESSIONS).parameters(List.of(limit(), after()));
				responses(operation, path, Map.of(OK, answer("SessionList", "A page of sessions.")), errors(Set.of(),
						ErrorExample.NOT_ACCEPTABLE, ErrorExample.MALFORMED_URL, ErrorExample.INVALID_LIMIT));
				examples(operation, OK, SessionExample.LIST);
			}
			case "createSession" -> {
				operation.description(Texts.CREATE_SESSION);
				SessionExample[] examples = { SessionExample.G_ALONE, SessionExample.CARRIED_ON,
						SessionExample.MILLION };
				requests(operation, examples);
				responses(operation, path, Map.of(CREATED, created(examples)),
						errors(WITH_BODY, ErrorExample.NOT_ACCEPTABLE, ErrorExample.INVALID_SESSION,
								ErrorExample.UNEQUAL_INITIAL_TENSORS, ErrorExample.HALF_PRECISION));
			}
			case "deleteSession" -> {
				operation.description(Texts.DELETE_SESSION)
					.parameters(List.of(id(), header("If-Match", Texts.IF_MATCH, ENTITY_TAG)));
				responses(operation, path, Map.of(NO_CONTENT, new ApiResponse().description("Deleted.")),
						errors(Set.of(ErrorExample.STORE_FULL), ErrorExample.MALFORMED_IF_MATCH,
								ErrorExample.SESSION_NOT_FOUND, ErrorExample.SESSION_BUSY, ErrorExample.STEP_MISMATCH));
			}
			default -> throw new IllegalArgumentException(id);
		}
	}

	private static Parameter id() {
		return new Parameter().name("id")
			.in("path")
			.required(true)
			.description("The optimizer id.")
			.schema(new StringSchema().pattern("^" + OptimizerId.GRAMMAR + "$"))
			.example(ID);
	}

	/// An array, so that a client is generated that takes integers and sends `1,5,9`.
	private static Parameter indices() {
		ArraySchema schema = TensorSchemas.indices();
		schema.setExamples(List.of(List.of(1, 5, 9)));
		return new Parameter().name("indices")
			.in("query")
			.description(Texts.INDICES)
			.schema(schema)
			.style(Parameter.StyleEnum.FORM)
			.explode(false);
	}

	private static Parameter limit() {
		Schema<?> schema = new IntegerSchema().format("int32");
		schema.setMinimum(BigDecimal.ONE);
		schema.setMaximum(BigDecimal.valueOf(1000));
		schema.setDefault(100);
		return new Parameter().name("limit").in("query").description("How many sessions at most.").schema(schema);
	}

	private static Parameter after() {
		StringSchema schema = new StringSchema();
		schema.setExamples(List.of(ID));
		return new Parameter().name("after")
			.in("query")
			.description("Only sessions beyond this id, which need not exist: `next` of the page before.")
			.schema(schema);
	}

	private static Parameter header(String name, String description, String example) {
		StringSchema schema = new StringSchema();
		schema.setExamples(List.of(example));
		return new Parameter().name(name).in("header").description(description).schema(schema);
	}

	private static ApiResponse created(SessionExample... examples) {
		ApiResponse response = answer(DESCRIPTION, "Created.", "ETag", "Location");
		examples(response, examples);
		return response;
	}

	private static ApiResponse notModified() {
		return new ApiResponse().description("The session is of a version that If-None-Match names.")
			.addHeaderObject("ETag", Responses.header("ETag"));
	}

	private static ApiResponse answer(String schema, String description, String... headers) {
		ApiResponse response = new ApiResponse().description(description)
			.content(new Content().addMediaType(Responses.JSON,
					new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + schema))));
		for (String header : headers) {
			response.addHeaderObject(header, Responses.header(header));
		}
		return response;
	}

	/// An answer that may be a file too.
	private static ApiResponse tensors(String schema, String description, String... headers) {
		ApiResponse response = answer(schema, description, headers);
		response.getContent().addMediaType(Safetensors.MEDIA_TYPE, new MediaType());
		return response;
	}

	private static Set<ErrorExample> errors(Set<ErrorExample> some, ErrorExample... others) {
		Set<ErrorExample> errors = EnumSet.copyOf(ALWAYS);
		errors.addAll(some);
		errors.addAll(List.of(others));
		return errors;
	}

	private static void responses(Operation operation, String path, Map<String, ApiResponse> good,
			Set<ErrorExample> errors) {
		ApiResponses responses = new ApiResponses();
		good.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey())
			.forEach((response) -> responses.addApiResponse(response.getKey(), response.getValue()));
		Responses.errors(errors, path).forEach(responses::addApiResponse);
		operation.setResponses(responses);
	}

	private static void requests(Operation operation, SessionExample... examples) {
		MediaType request = Responses.mediaType(operation.getRequestBody().getContent(), Responses.JSON);
		for (SessionExample example : examples) {
			request.addExamples(example.id(),
					new Example().summary(example.summary()).value(Resources.json(example.requestResource())));
		}
	}

	private static void examples(Operation operation, String status, SessionExample... examples) {
		examples(requireNonNull(operation.getResponses().get(status), status), examples);
	}

	private static void examples(ApiResponse response, SessionExample... examples) {
		MediaType answer = Responses.mediaType(response.getContent(), Responses.JSON);
		for (SessionExample example : examples) {
			answer.addExamples(example.id(),
					new Example().summary(example.summary()).value(Resources.json(example.responseResource())));
		}
	}

}
