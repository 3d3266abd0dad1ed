package dev.adagrad.problem;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.util.Collections;
import java.util.Enumeration;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses what would make Spring fail again while it writes the refusal: an invalid Content-Type (or a wildcard), a
/// path that begins like the name of a host, and an X-Forwarded-Prefix that is not a path. It also refuses a path with
/// a `;`, since Spring would see only the part before it. It runs inside the filters that hold answers back and that
/// know the client's prefix.
@Component
@FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 3)
class UnreadableHeaderFilter extends OncePerRequestFilter {

	private final JsonMapper json;

	UnreadableHeaderFilter(JsonMapper json) {
		this.json = json;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String path = request.getRequestURI();
		if (!ClientPrefix.isPath(request.getContextPath())) {
			refuse(request, response, Refusal.of(Code.MALFORMED_HEADER,
					"X-Forwarded-Prefix must be a path, such as /optimizer: slashes, and between them what a path may hold"));
		}
		else if (path.startsWith("//")) {
			refuse(request, response, Refusal.of(Code.NOT_FOUND, "there is nothing at " + path));
		}
		else if (path.indexOf(';') >= 0) {
			// Spring would drop what follows, and act on another resource than the
			// client asked for
			refuse(request, response, Refusal.of(Code.MALFORMED_HEADER,
					"a ; in the path must be percent-encoded, and no path here has one"));
		}
		else if (!isReadable(request)) {
			refuse(request, response, Refusal.of(Code.MALFORMED_HEADER,
					"Content-Type \"" + request.getContentType() + "\" cannot be read as a media type"));
		}
		else {
			String accept = request.getHeader(HttpHeaders.ACCEPT);
			chain.doFilter((accept != null && accept.isBlank()) ? new WithoutAccept(request) : request, response);
		}
	}

	private static boolean isReadable(HttpServletRequest request) {
		String contentType = request.getContentType();
		try {
			if (contentType != null && !MediaType.parseMediaType(contentType).isConcrete()) {
				return false;
			}
			// a separate check: Tomcat finds a charset even in an invalid media type
			String charset = request.getCharacterEncoding();
			return charset == null || Charset.isSupported(charset);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
		String prefix = request.getContextPath();
		ProblemDetail problem = ProblemBody.of(refusal, ClientPrefix.isPath(prefix) ? prefix : "");
		String path = request.getRequestURI();
		if (ClientPrefix.isPath(path)) {
			problem.setInstance(URI.create(path));
		}
		ProblemBody.write(problem, response, this.json);
	}

	/// Presents a request with an empty Accept, which leaves the choice to the server,
	/// as one without Accept. Actuator takes an empty one for a list and assumes that it
	/// has a first element.
	private static final class WithoutAccept extends HttpServletRequestWrapper {

		WithoutAccept(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable String getHeader(String name) {
			return name.equalsIgnoreCase(HttpHeaders.ACCEPT) ? null : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return name.equalsIgnoreCase(HttpHeaders.ACCEPT) ? Collections.emptyEnumeration() : super.getHeaders(name);
		}

	}

}
