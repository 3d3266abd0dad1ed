package dev.adagrad.problem;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ForwardedHeaderUtils;
import org.springframework.web.util.UriComponents;

/// Refuses `Forwarded` and `X-Forwarded-*` headers without a valid scheme, host, port, address or path, if the service
/// believes such headers. Spring would fail on them wherever it asks for the URL of the request, and again while it writes
/// the refusal.
@Component
@ConditionalOnProperty(name = "server.forward-headers-strategy", havingValue = "framework")
@FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 1)
class UnreadableForwardingFilter extends OncePerRequestFilter {

	private static final List<String> NAMES = List.of("Forwarded", "X-Forwarded-For", "X-Forwarded-Host",
			"X-Forwarded-Port", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Forwarded-Ssl");

	private static final Pattern SCHEME = Pattern.compile("https?", Pattern.CASE_INSENSITIVE);

	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

	private static final int GREATEST_PORT = 65535;

	private final JsonMapper json;

	UnreadableForwardingFilter(JsonMapper json) {
		this.json = json;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (isReadable(request)) {
			chain.doFilter(request, response);
			return;
		}
		Refusal refusal = Refusal.of(Code.MALFORMED_HEADER,
				"Forwarded, or X-Forwarded-*, does not name a scheme (http or https), a host, a port, addresses and a path");
		ProblemBody.write(ProblemBody.of(refusal, request.getContextPath()), response, this.json);
	}

	private static boolean isReadable(HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		for (String name : NAMES) {
			request.getHeaders(name).asIterator().forEachRemaining((value) -> headers.add(name, value));
		}
		if (headers.isEmpty()) {
			return true;
		}
		try {
			URI uri = new ServletServerHttpRequest(request).getURI();
			UriComponents forwarded = ForwardedHeaderUtils.adaptFromForwardedHeaders(uri, headers).build();
			ForwardedHeaderUtils.parseForwardedFor(uri, headers, null);
			ForwardedHeaderUtils.parseForwardedBy(uri, headers, null);
			return matches(SCHEME, forwarded.getScheme()) && matches(HOST, forwarded.getHost())
					&& forwarded.getPort() >= -1 && forwarded.getPort() <= GREATEST_PORT;
		}
		catch (IllegalArgumentException | ArrayIndexOutOfBoundsException ex) {
			// the second exception comes from a header of commas alone
			return false;
		}
	}

	private static boolean matches(Pattern pattern, @Nullable String part) {
		return part != null && pattern.matcher(part).matches();
	}

}
