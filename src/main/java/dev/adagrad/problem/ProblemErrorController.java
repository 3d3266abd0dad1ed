package dev.adagrad.problem;

import java.io.IOException;

import io.swagger.v3.oas.annotations.Hidden;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/// Answers requests that filters or the servlet container refused with `sendError`, outside the controllers.
@RestController
@Hidden
class ProblemErrorController implements ErrorController {

	@RequestMapping("/error")
	ResponseEntity<ProblemDetail> error(HttpServletRequest request) {
		if (!(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status)) {
			return ProblemBody.answer(Refusal.of(Code.NOT_FOUND, "there is nothing at " + request.getRequestURI()),
					request);
		}
		Refusal refusal = (request.getAttribute(Refusal.ATTRIBUTE) instanceof Refusal known) ? known
				: refusal(status, request.getContentType(), request.getAttribute(RequestDispatcher.ERROR_EXCEPTION));
		ProblemDetail body = ProblemBody.of(refusal, request.getContextPath());
		if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String path) {
			body.setInstance(UriComponentsBuilder.fromPath(path).build(true).toUri());
		}
		return ProblemBody.answer(refusal, body);
	}

	/// If a body breaks off, or its chunks are malformed, Tomcat assumes that the client
	/// is gone, and Spring calls no exception handler for that. If Tomcat has waited for
	/// a body in vain, it answers by itself.
	private static Refusal refusal(int status, @Nullable String contentType, @Nullable Object failure) {
		if (status == HttpServletResponse.SC_BAD_REQUEST && failure instanceof IOException) {
			return ForeignRefusals.unreadBody(contentType, "the body breaks off");
		}
		if (status == HttpServletResponse.SC_REQUEST_TIMEOUT) {
			return Refusal.of(Code.REQUEST_TIMEOUT, "the body comes too slowly; nothing was changed");
		}
		return ForeignRefusals.of(status, failure);
	}

}
