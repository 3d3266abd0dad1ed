package dev.adagrad.problem;

import java.io.IOException;
import java.net.URI;

import dev.adagrad.refusal.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/// How a refusal looks to a client: `application/problem+json`, whatever the client accepts. Its `type` is
/// `/problems/<code>`, below the prefix under which the client sees the service.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
final class ProblemBody {

	/// The seconds to wait before repeating a request that was refused for a passing
	/// reason.
	private static final String RETRY_AFTER_SECONDS = "1";

	private ProblemBody() {
	}

	/// @param prefix the prefix of the service's paths, as the client sees it
	static ProblemDetail of(Refusal refusal, String prefix) {
		ProblemDetail body = ProblemDetail.forStatus(refusal.status());
		body.setDetail(refusal.detail());
		body.setType(URI.create(prefix + "/problems/" + refusal.code().code()));
		body.setTitle(refusal.code().title());
		body.setProperty("code", refusal.code().code());
		refusal.members().forEach(body::setProperty);
		return body;
	}

	/// The answer as Spring sends it.
	static ResponseEntity<ProblemDetail> answer(Refusal refusal, HttpServletRequest request) {
		return answer(refusal, of(refusal, request.getContextPath()));
	}

	/// The same, with a body made by [#of] and completed since.
	static ResponseEntity<ProblemDetail> answer(Refusal refusal, ProblemDetail body) {
		HttpHeaders headers = new HttpHeaders();
		refusal.headers().forEach(headers::set);
		if (refusal.code().isPassing()) {
			headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
		}
		return ResponseEntity.status(refusal.status())
			.headers(headers)
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.body(body);
	}

	/// Writes the answer where Spring does not send it.
	static void write(ProblemDetail body, HttpServletResponse response, JsonMapper json) throws IOException {
		response.setStatus(body.getStatus());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		json.writeValue(response.getOutputStream(), body);
	}

}
