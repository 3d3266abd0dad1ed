package dev.adagrad.problem;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses what Spring would trip over again while it writes the refusal: a Content-Type that is none, and a path that
/// begins as the name of a host does. And a path with a `;`, of which Spring would see only what stands before it.
class UnreadableHeaderFilter extends OncePerRequestFilter {

	private final JsonMapper json;

	UnreadableHeaderFilter(JsonMapper json) {
		this.json = json;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String path = request.getRequestURI();
		if (path.startsWith("//")) {
			refuse(response, ProblemAnswer.of(Problem.NOT_FOUND, "there is nothing at " + path).toProblemDetail());
		}
		else if (path.indexOf(';') >= 0) {
			// Spring would leave out what follows, and act on another resource than was
			// asked for
			ProblemDetail problem = ProblemAnswer
				.of(Problem.MALFORMED_HEADER, "a ; in the path must be percent-encoded, and no path here has one")
				.toProblemDetail();
			refuse(response, problem);
		}
		else if (!isReadable(request)) {
			ProblemDetail problem = ProblemAnswer
				.of(Problem.MALFORMED_HEADER,
						"Content-Type \"" + request.getContentType() + "\" cannot be read as a media type")
				.toProblemDetail();
			problem.setInstance(URI.create(path));
			refuse(response, problem);
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private static boolean isReadable(HttpServletRequest request) {
		String contentType = request.getContentType();
		try {
			if (contentType != null) {
				MediaType.parseMediaType(contentType);
			}
			// not the same: Tomcat takes a charset out of what is no media type, too
			String charset = request.getCharacterEncoding();
			return charset == null || Charset.isSupported(charset);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private void refuse(HttpServletResponse response, ProblemDetail problem) throws IOException {
		response.setStatus(problem.getStatus());
		response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
		this.json.writeValue(response.getOutputStream(), problem);
	}

}
