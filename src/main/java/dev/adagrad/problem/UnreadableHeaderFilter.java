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

/// Refuses what Spring would trip over again while it writes the refusal: a Content-Type that is none (or a wildcard),
/// a path that begins as the name of a host does, and an X-Forwarded-Prefix that is no path. And a path with a `;`,
/// since Spring would see only what stands before it. Within the filters that
/// hold answers back, and that know the client's prefix.
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
			// Spring would leave out what follows, and act on another resource than was
			// asked for
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
			// not the same: Tomcat takes a charset out of what is no media type, too
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

	/// A request whose Accept is empty, and so leaves all to the server, as one that has
	/// none: Actuator takes an empty one for a list, and its first element for granted.
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
