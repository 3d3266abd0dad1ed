package dev.adagrad.access;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.filter.CorsFilter;

/// Handles cross-origin calls from browsers, for the origins that the operator allows. It runs after the filter that
/// refuses headers that would make this one fail, and before anybody asks for a key: a preflight has none.
///
/// Without keys, and where the names of the service are known, every call of a foreign page is refused, since the
/// browser is on the machine that is trusted. Otherwise such a call passes, but without the headers that would let the
/// page read the answer: this service does not act on anything that a page may send without a preflight, a page has no
/// key, and behind a proxy that ends TLS our own page (Swagger UI) looks foreign.
///
/// @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch: the CORS protocol</a>
@Component
@FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 5)
class CrossOriginFilter extends CorsFilter {

	private static final Duration PREFLIGHT_VALID_FOR = Duration.ofHours(1);

	CrossOriginFilter(CorsProperties properties, Visitors visitors, AccessRefusals refusals) {
		super(source(properties.allowedOrigins()));
		setCorsProcessor(new Processor(visitors.hosts().isPresent(), refusals));
	}

	private static CorsConfigurationSource source(List<String> allowedOrigins) {
		CorsConfiguration rules = new CorsConfiguration();
		rules.setAllowedOrigins(allowedOrigins);
		rules.setAllowedMethods(List.of("*"));
		rules.setAllowedHeaders(List.of("*"));
		rules.setExposedHeaders(List.of(HttpHeaders.ETAG, HttpHeaders.LOCATION, HttpHeaders.RETRY_AFTER,
				HttpHeaders.ALLOW, HttpHeaders.WWW_AUTHENTICATE, "Idempotency-Replayed", "Preference-Applied",
				"RateLimit", "RateLimit-Policy"));
		rules.setMaxAge(PREFLIGHT_VALID_FOR);
		return (request) -> rules;
	}

	private static final class Processor extends DefaultCorsProcessor {

		private final boolean refusesForeign;

		private final AccessRefusals refusals;

		/// @param refusesForeign whether to refuse plain calls of foreign pages too, and
		/// not only their preflights
		Processor(boolean refusesForeign, AccessRefusals refusals) {
			this.refusesForeign = refusesForeign;
			this.refusals = refusals;
		}

		@Override
		public boolean processRequest(@Nullable CorsConfiguration rules, HttpServletRequest request,
				HttpServletResponse response) throws IOException {
			@Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
			if (rules == null || origin == null || rules.checkOrigin(origin) != null) {
				return super.processRequest(rules, request, response);
			}
			if (isOwn(origin, request)) {
				return true;
			}
			response.addHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
			if (this.refusesForeign || CorsUtils.isPreFlightRequest(request)) {
				this.refusals.refuse(request, response, AccessRefusals.foreignOrigin(origin));
				return false;
			}
			return true;
		}

		/// Whether a page of this service calls. A proxy that ends TLS changes the
		/// scheme, and leaves the name.
		private static boolean isOwn(String origin, HttpServletRequest request) {
			int authority = origin.indexOf("//") + 2;
			if (authority < 2) {
				return false;
			}
			if (origin.substring(authority).equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))) {
				return true;
			}
			try {
				// over HTTP/2 there may be no Host, and a port may be told or not
				return !CorsUtils.isCorsRequest(request);
			}
			catch (IllegalArgumentException ex) {
				// it is no origin
				return false;
			}
		}

	}

}
