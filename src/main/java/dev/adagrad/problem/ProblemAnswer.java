package dev.adagrad.problem;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.adagrad.wire.Safetensors;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/// A problem on its way out: what is the same for its kind, and what is said of this request.
///
/// @param problem the kind
/// @param detail what is wrong with this request, in a sentence
/// @param members the members beyond RFC 9457's own
/// @param headers headers of the answer, such as `Allow`
record ProblemAnswer(Problem problem, String detail, Map<String, Object> members, HttpHeaders headers) {

	/// So many places are listed at most; the first is what a person mends first.
	private static final int MAX_ERRORS = 20;

	static ProblemAnswer of(Problem problem, String detail) {
		return new ProblemAnswer(problem, detail, Map.of(), HttpHeaders.EMPTY);
	}

	static ProblemAnswer of(Problem problem, String detail, Map<String, Object> members) {
		return new ProblemAnswer(problem, detail, members, HttpHeaders.EMPTY);
	}

	static ProblemAnswer of(Problem problem, String detail, HttpHeaders headers) {
		return new ProblemAnswer(problem, detail, Map.of(), headers);
	}

	static ProblemAnswer malformedBody(String detail, int line, int column) {
		Map<String, Object> place = new LinkedHashMap<>();
		place.put("line", line);
		place.put("column", column);
		return of(Problem.MALFORMED_BODY, detail + " at line " + line + ", column " + column, place);
	}

	/// @param offset how many bytes go before the place
	static ProblemAnswer malformedFile(String detail, long offset) {
		return of(Problem.MALFORMED_BODY, detail + " at byte offset " + offset, Map.of("offset", offset));
	}

	/// Of a body of which not a byte could be read; what breaks off later is noticed,
	/// with its place, where it is read.
	static ProblemAnswer unreadBody(@Nullable String contentType, String detail) {
		return Safetensors.isMediaType(contentType) ? malformedFile(detail, 0) : malformedBody(detail, 1, 1);
	}

	static ProblemAnswer slowBody() {
		return of(Problem.REQUEST_TIMEOUT, "the body comes too slowly; nothing was changed");
	}

	static ProblemAnswer ofErrors(Problem problem, List<FieldProblem> errors) {
		String more = (errors.size() > 1) ? " (and " + (errors.size() - 1) + " more)" : "";
		return of(problem, errors.getFirst() + more,
				Map.of("errors", List.copyOf(errors.subList(0, Math.min(errors.size(), MAX_ERRORS)))));
	}

	static ProblemAnswer lengthMismatch(List<FieldProblem> errors, Map<String, Integer> lengths) {
		ProblemAnswer mismatch = ofErrors(Problem.LENGTH_MISMATCH, errors);
		Map<String, Object> members = new LinkedHashMap<>(mismatch.members());
		members.put("lengths", lengths);
		return of(Problem.LENGTH_MISMATCH, mismatch.detail(), members);
	}

	/// The answer as Spring sends it, as `application/problem+json` whatever the client
	/// accepts.
	ResponseEntity<ProblemDetail> toResponse(HttpServletRequest request) {
		return toResponse(toProblemDetail(request.getContextPath()));
	}

	/// The same, with a body made by [#toProblemDetail(String)] and completed since.
	ResponseEntity<ProblemDetail> toResponse(ProblemDetail body) {
		return ResponseEntity.status(this.problem.status())
			.headers(this.headers)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(body);
	}

	/// The body.
	/// @param prefix what the service's paths begin with, for the client
	ProblemDetail toProblemDetail(String prefix) {
		ProblemDetail body = ProblemDetail.forStatusAndDetail(this.problem.status(), this.detail);
		body.setType(URI.create(this.problem.type(prefix)));
		body.setTitle(this.problem.title());
		body.setProperty("code", this.problem.code());
		this.members.forEach(body::setProperty);
		return body;
	}

}
