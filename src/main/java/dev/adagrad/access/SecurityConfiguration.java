package dev.adagrad.access;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.adagrad.caller.Scope;
import dev.adagrad.refusal.Refusal;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.SingleResultAuthorizationManager;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.access.intercept.RequestMatcherDelegatingAuthorizationManager;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.firewall.FirewalledRequest;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.servletapi.SecurityContextHolderAwareRequestFilter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/// Asks for keys or tokens, and looks at scopes, where the service asks for them.
///
/// Each call brings its own key, so there are no sessions of browsers, no cookies, and nothing for another site to
/// forge.
@Configuration(proxyBeanMethods = false)
@OnAccess({ AccessMode.KEYS, AccessMode.JWT })
@EnableWebSecurity
class SecurityConfiguration {

	private static final String CALLS = "/adagrad/";

	private static final String BEARER = "Bearer ";

	private static final String SESSIONS = "/adagrad/sessions/**";

	/// For steps and sessions.
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	SecurityFilterChain calls(AuthenticationManager callers, AccessRefusals refusals) {
		return new DefaultSecurityFilterChain((request) -> Paths.decoded(request).startsWith(CALLS),
				filters(callers, refusals, ofCalls()));
	}

	/// For everything else. Actuator asks the request who has sent it.
	@Bean
	SecurityFilterChain others(AuthenticationManager callers, AccessRefusals refusals, Environment environment)
			throws ServletException {
		SecurityContextHolderAwareRequestFilter asking = new SecurityContextHolderAwareRequestFilter();
		asking.setRolePrefix("");
		asking.afterPropertiesSet();
		List<Filter> filters = filters(callers, refusals,
				ofOthers(ManagementPortType.get(environment) == ManagementPortType.DIFFERENT));
		filters.add(asking);
		return new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE, filters);
	}

	/// Only those that do something here: with all that Spring Security would add, a
	/// short step takes three quarters longer.
	private static List<Filter> filters(AuthenticationManager callers, AccessRefusals refusals,
			AuthorizationManager<HttpServletRequest> rules) {
		BearerTokenAuthenticationConverter header = new BearerTokenAuthenticationConverter();
		header.setBearerTokenResolver(SecurityConfiguration::keyOrToken);
		BearerTokenAuthenticationFilter bearer = new BearerTokenAuthenticationFilter(callers, header);
		bearer.setAuthenticationFailureHandler(
				(request, response, failure) -> refusals.refuse(request, response, refusal(failure)));
		ExceptionTranslationFilter refusing = new ExceptionTranslationFilter(
				(request, response, failure) -> refusals.refuse(request, response, AccessRefusals.noKey()),
				new NullRequestCache());
		refusing.setAccessDeniedHandler((request, response, denied) -> refuse(refusals, request, response, denied));
		return new ArrayList<>(List.of(new SecurityContextHolderFilter(new RequestAttributeSecurityContextRepository()),
				bearer, new CallerFilter(refusals), refusing, new AuthorizationFilter(rules)));
	}

	/// Whether it is a good one is found out by who looks it up, so its form does not
	/// matter here.
	private static @Nullable String keyOrToken(HttpServletRequest request) {
		@Nullable String header = request.getHeader(HttpHeaders.AUTHORIZATION);
		if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
			return null;
		}
		String bearer = header.substring(BEARER.length()).strip();
		return bearer.isEmpty() ? null : bearer;
	}

	/// The first rule that fits a call decides.
	private static AuthorizationManager<HttpServletRequest> ofCalls() {
		RequestMatcherDelegatingAuthorizationManager.Builder rules = RequestMatcherDelegatingAuthorizationManager
			.builder();
		// most calls are steps, and rules are tried one by one; this one is quick
		rules.add(Paths::isStep, AuthorityAuthorizationManager.hasAuthority(Scope.STEP.toString()));
		needs(rules, Scope.READ, HttpMethod.GET, SESSIONS);
		needs(rules, Scope.READ, HttpMethod.HEAD, SESSIONS);
		needs(rules, Scope.READ, HttpMethod.POST, "/adagrad/sessions/*/state/lookup");
		needs(rules, Scope.ADMIN, HttpMethod.PUT, "/adagrad/sessions/*/state");
		needs(rules, Scope.ADMIN, HttpMethod.PATCH, SESSIONS);
		// create and delete: whether a session is the caller's own is known later
		needs(rules, Scope.STEP, HttpMethod.POST, SESSIONS);
		needs(rules, Scope.STEP, HttpMethod.PUT, SESSIONS);
		needs(rules, Scope.STEP, HttpMethod.DELETE, SESSIONS);
		// nothing is at these paths, or not for this method: only callers hear that
		rules.add(AnyRequestMatcher.INSTANCE, AuthenticatedAuthorizationManager.authenticated());
		return rules.build();
	}

	/// What no rule names, everybody may see: pages, scripts, clients, the API document
	/// and problems.
	/// @param ownPort whether operators reach Actuator over a port of its own
	private static AuthorizationManager<HttpServletRequest> ofOthers(boolean ownPort) {
		RequestMatcherDelegatingAuthorizationManager.Builder rules = RequestMatcherDelegatingAuthorizationManager
			.builder();
		AuthorizationManager<RequestAuthorizationContext> everybody = SingleResultAuthorizationManager.permitAll();
		rules.add(EndpointRequest.to("health"), everybody);
		rules.add(EndpointRequest.toAdditionalPaths(WebServerNamespace.SERVER, "health"), everybody);
		if (ownPort) {
			rules.add(EndpointRequest.toAnyEndpoint(), everybody);
			rules.add(EndpointRequest.toLinks(), everybody);
		}
		rules.add(EndpointRequest.to("expiredsessions"),
				AuthorityAuthorizationManager.hasAuthority(Scope.ADMIN.toString()));
		rules.add(EndpointRequest.toAnyEndpoint(),
				AuthorityAuthorizationManager.hasAuthority(Scope.METRICS.toString()));
		rules.add(EndpointRequest.toLinks(), AuthorityAuthorizationManager.hasAuthority(Scope.METRICS.toString()));
		rules.add(AnyRequestMatcher.INSTANCE, everybody);
		return rules.build();
	}

	private static void needs(RequestMatcherDelegatingAuthorizationManager.Builder rules, Scope scope,
			HttpMethod method, String path) {
		rules.add(PathPatternRequestMatcher.withDefaults().matcher(method, path),
				AuthorityAuthorizationManager.hasAuthority(scope.toString()));
	}

	/// What a path may look like is looked at before, whether keys are asked for or not:
	/// by Tomcat and by the filter that refuses headers that cannot be read. Rules and
	/// controllers read a path in the same way.
	@Bean
	HttpFirewall firewall() {
		return new HttpFirewall() {
			@Override
			public FirewalledRequest getFirewalledRequest(HttpServletRequest request) {
				return new FirewalledRequest(request) {
					@Override
					public void reset() {
						// nothing was changed
					}
				};
			}

			@Override
			public HttpServletResponse getFirewalledResponse(HttpServletResponse response) {
				return response;
			}
		};
	}

	/// A timer and an event for each filter and each decision would take a third of the
	/// time of a short step.
	@Bean
	SecurityObservationSettings noObservations() {
		return SecurityObservationSettings.noObservations();
	}

	private static Refusal refusal(AuthenticationException failure) {
		if (failure instanceof AuthenticationServiceException) {
			return AccessRefusals.issuerUnreachable();
		}
		return AccessRefusals.badKey(String.valueOf(failure.getMessage()));
	}

	private static void refuse(AccessRefusals refusals, HttpServletRequest request, HttpServletResponse response,
			AccessDeniedException denied) throws IOException {
		Optional<Scope> missing = (denied instanceof AuthorizationDeniedException reason
				&& reason.getAuthorizationResult() instanceof AuthorityAuthorizationDecision scopes)
						? scopes.getAuthorities()
							.stream()
							.flatMap((scope) -> Scope.ofName(String.valueOf(scope.getAuthority())).stream())
							.findFirst()
						: Optional.empty();
		refusals.refuse(request, response, missing.map(AccessRefusals::withoutScope).orElseGet(AccessRefusals::noKey));
	}

}
