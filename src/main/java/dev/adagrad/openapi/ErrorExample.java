package dev.adagrad.openapi;

import java.util.Locale;
import java.util.Optional;

import dev.adagrad.problem.Problem;

/// The errors that a step can answer, with an example of each; a resource holds the true answer.
enum ErrorExample {

	MALFORMED_BODY(Problem.MALFORMED_BODY, "NaN is not JSON"),
	MALFORMED_HEADER(Problem.MALFORMED_HEADER, "A Content-Type that is no media type"),
	NOT_ACCEPTABLE(Problem.NOT_ACCEPTABLE, "XML was asked for"),
	TOO_LARGE(Problem.TOO_LARGE, "More elements than this server takes"),
	UNSUPPORTED_MEDIA_TYPE(Problem.UNSUPPORTED_MEDIA_TYPE, "A form was sent", "Accept"),
	INVALID_FIELD(Problem.INVALID_FIELD, "Two fields out of range"),
	UNKNOWN_FIELD(Problem.INVALID_FIELD, "A field that does not exist"),
	LENGTH_MISMATCH(Problem.LENGTH_MISMATCH, "Three parameters, two gradients"),
	NON_FINITE_RESULT(Problem.NON_FINITE_RESULT, "A gradient whose square overflows"),
	INTERNAL_ERROR(Problem.INTERNAL_ERROR, "A bug in the service"),
	OVERLOADED(Problem.OVERLOADED, "No room beside the requests under way", "Retry-After");

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
