package dev.adagrad.openapi;

import java.util.Locale;
import java.util.Optional;

import dev.adagrad.problem.Problem;

/// The errors that the service can answer, by status, with an example of each; a resource holds the true answer.
enum ErrorExample {

	MALFORMED_BODY(Problem.MALFORMED_BODY, "NaN is not JSON"),
	MALFORMED_FILE(Problem.MALFORMED_BODY, "A safetensors file that breaks off"),
	MALFORMED_HEADER(Problem.MALFORMED_HEADER, "A Content-Type that is no media type"),
	MALFORMED_URL(Problem.MALFORMED_HEADER, "Bytes in the URL that are not UTF-8"),
	MALFORMED_IF_MATCH(Problem.MALFORMED_HEADER, "If-Match without quotes"),
	MALFORMED_IF_NONE_MATCH(Problem.MALFORMED_HEADER, "If-None-Match without quotes"),
	SESSION_NOT_FOUND(Problem.SESSION_NOT_FOUND, "Never created, deleted or expired"),
	NOT_ACCEPTABLE(Problem.NOT_ACCEPTABLE, "XML was asked for"),
	TENSORS_NOT_ACCEPTABLE(Problem.NOT_ACCEPTABLE, "XML was asked for"),
	REQUEST_TIMEOUT(Problem.REQUEST_TIMEOUT, "A body that stops in its middle"),
	SESSION_EXISTS(Problem.SESSION_EXISTS, "It was created with another learning_rate"),
	STEP_SUPERSEDED(Problem.STEP_SUPERSEDED, "A key sent again after others have stepped", "ETag"),
	SESSION_BUSY(Problem.SESSION_BUSY, "Others were always faster", "Retry-After"),
	STEP_MISMATCH(Problem.STEP_MISMATCH, "If-Match names another step", "ETag"),
	SESSION_RULED_OUT(Problem.STEP_MISMATCH, "If-None-Match: *, and it exists", "ETag"),
	TOO_LARGE(Problem.TOO_LARGE, "More elements than this server takes"),
	TOO_MANY_INDICES(Problem.TOO_LARGE, "More indices than this server takes"),
	UNSUPPORTED_MEDIA_TYPE(Problem.UNSUPPORTED_MEDIA_TYPE, "A form was sent", "Accept"),
	INVALID_FIELD(Problem.INVALID_FIELD, "Two fields out of range"),
	UNKNOWN_FIELD(Problem.INVALID_FIELD, "A field that does not exist"),
	INVALID_SESSION(Problem.INVALID_FIELD, "A negative rate, and two sizes"),
	INVALID_LIMIT(Problem.INVALID_FIELD, "A limit that is none"),
	PARAMETER_HELD(Problem.INVALID_FIELD, "A parameter that the server holds"),
	UNEQUAL_PARAMETERS(Problem.INVALID_FIELD, "Two parameters for one index"),
	MISSING_INDICES(Problem.INVALID_FIELD, "No indices"),
	INVALID_INDICES(Problem.INVALID_FIELD, "Indices that are no integers"),
	INVALID_STATE(Problem.INVALID_FIELD, "A sum of squares below 0"),
	LENGTH_MISMATCH(Problem.LENGTH_MISMATCH, "Three parameters, two gradients"),
	UNEQUAL_INITIAL_TENSORS(Problem.LENGTH_MISMATCH, "Three parameters, a G of two"),
	SHORT_GRADIENT(Problem.LENGTH_MISMATCH, "Two gradients for a session of three"),
	SHORT_STATE(Problem.LENGTH_MISMATCH, "A G of two for a session of three"),
	HALF_PRECISION(Problem.DTYPE_MISMATCH, "A tensor in half precision"),
	SINGLE_GRADIENT(Problem.DTYPE_MISMATCH, "A gradient in F32 for a session in F64"),
	SINGLE_STATE(Problem.DTYPE_MISMATCH, "A G in F32 for a session in F64"),
	FRACTIONAL_INDICES(Problem.DTYPE_MISMATCH, "Indices in F64"),
	INDEX_OUT_OF_RANGE(Problem.INDEX_OUT_OF_RANGE, "The fourth element of a session of three"),
	IDEMPOTENCY_KEY_REUSED(Problem.IDEMPOTENCY_KEY_REUSED, "Another gradient under a used key"),
	NON_FINITE_RESULT(Problem.NON_FINITE_RESULT, "A gradient whose square overflows"),
	INTERNAL_ERROR(Problem.INTERNAL_ERROR, "A bug in the service"),
	OVERLOADED(Problem.OVERLOADED, "No room beside the requests under way", "Retry-After"),
	STORE_UNAVAILABLE(Problem.STORE_UNAVAILABLE, "The database is down", "Retry-After"),
	STORE_DAMAGED(Problem.STORE_DAMAGED, "What is stored fails its checksum"),
	STORE_FULL(Problem.STORE_FULL, "No room on the disk");

	private final Problem problem;

	private final String summary;

	private final String header;

	ErrorExample(Problem problem, String summary) {
		this(problem, summary, "");
	}

	ErrorExample(Problem problem, String summary, String header) {
		this.problem = problem;
		this.summary = summary;
		this.header = header;
	}

	Problem problem() {
		return this.problem;
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String summary() {
		return this.summary;
	}

	/// The header that the answer carries, if one matters.
	Optional<String> header() {
		return this.header.isEmpty() ? Optional.empty() : Optional.of(this.header);
	}

	String resource() {
		return "/openapi/problem/" + id() + ".json";
	}

}
