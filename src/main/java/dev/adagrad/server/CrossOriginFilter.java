package dev.adagrad.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/// Handles cross-origin calls from browsers, for the origins that the operator allows. It runs after the filter that
/// refuses headers that would make this one fail.
///
/// @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch: the CORS protocol</a>
@Component
@FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 4)
class CrossOriginFilter extends CorsFilter {

	private static final Duration PREFLIGHT_VALID_FOR = Duration.ofHours(1);

	CrossOriginFilter(CorsProperties properties) {
		super(source(properties.allowedOrigins()));
		setCorsProcessor(new Processor());
	}

	private static CorsConfigurationSource source(List<String> allowedOrigins) {
		CorsConfiguration rules = new CorsConfiguration();
		rules.setAllowedOrigins(allowedOrigins);
		rules.setAllowedMethods(List.of("*"));
		rules.setAllowedHeaders(List.of("*"));
		rules.setExposedHeaders(List.of(HttpHeaders.ETAG, HttpHeaders.LOCATION, HttpHeaders.RETRY_AFTER,
				HttpHeaders.ALLOW, "Idempotency-Replayed", "Preference-Applied"));
		rules.setMaxAge(PREFLIGHT_VALID_FOR);
		return (request) -> rules;
	}

	/// Refuses the preflight of a foreign origin. A plain call from a foreign origin
	/// passes, but without the headers that would let a page read the answer: this
	/// service does not act on anything that a page may send without a preflight, and
	/// behind a proxy that ends TLS our own page (Swagger UI) looks foreign.
	private static final class Processor extends DefaultCorsProcessor {

		@Override
		public boolean processRequest(@Nullable CorsConfiguration rules, HttpServletRequest request,
				HttpServletResponse response) throws IOException {
			if (rules != null && !CorsUtils.isPreFlightRequest(request)
					&& rules.checkOrigin(request.getHeader(HttpHeaders.ORIGIN)) == null) {
				response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
				return true;
			}
			return super.processRequest(rules, request, response);
		}

		@Override
		protected void rejectRequest(ServerHttpResponse response) throws IOException {
			if (response instanceof ServletServerHttpResponse servlet) {
				servlet.getServletResponse().sendError(HttpServletResponse.SC_FORBIDDEN);
			}
		}

	}

}
