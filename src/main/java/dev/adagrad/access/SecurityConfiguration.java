package dev.adagrad.access;

import java.io.IOException;
import java.util.Optional;

import dev.adagrad.caller.Scope;
import dev.adagrad.refusal.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/// Asks for keys or tokens, and looks at scopes, where the service asks for them.
///
/// Each call brings its own key, so there are no sessions of browsers, no cookies, and nothing for another site to
/// forge.
@Configuration(proxyBeanMethods = false)
@OnAccess({ AccessMode.KEYS, AccessMode.JWT })
@EnableWebSecurity
class SecurityConfiguration {

	private static final String SESSIONS = "/adagrad/sessions/**";

	@Bean
	SecurityFilterChain access(HttpSecurity http, AuthenticationManager callers, AccessRefusals refusals,
			Environment environment) {
		BearerTokenAuthenticationFilter bearer = new BearerTokenAuthenticationFilter(callers);
		bearer.setAuthenticationFailureHandler(
				(request, response, failure) -> refusals.refuse(request, response, refusal(failure)));
		return http.csrf(AbstractHttpConfigurer::disable)
			.headers(AbstractHttpConfigurer::disable)
			.logout(AbstractHttpConfigurer::disable)
			.requestCache(AbstractHttpConfigurer::disable)
			.sessionManagement(AbstractHttpConfigurer::disable)
			.addFilterBefore(bearer, AuthorizationFilter.class)
			.addFilterBefore(new CallerFilter(refusals), AuthorizationFilter.class)
			.exceptionHandling((handling) -> handling
				.authenticationEntryPoint(
						(request, response, failure) -> refusals.refuse(request, response, AccessRefusals.noKey()))
				.accessDeniedHandler((request, response, denied) -> refuse(refusals, request, response, denied)))
			.authorizeHttpRequests(
					(calls) -> rules(calls, ManagementPortType.get(environment) == ManagementPortType.DIFFERENT))
			.build();
	}

	/// The first rule that fits a call decides. What no rule names, everybody may see:
	/// pages, scripts, clients, the API document and problems.
	/// @param ownPort whether operators reach Actuator over a port of its own
	private static void rules(
			AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry calls,
			boolean ownPort) {
		calls
			.requestMatchers(EndpointRequest.to("health"),
					EndpointRequest.toAdditionalPaths(WebServerNamespace.SERVER, "health"))
			.permitAll();
		if (ownPort) {
			calls.requestMatchers(EndpointRequest.toAnyEndpoint(), EndpointRequest.toLinks()).permitAll();
		}
		needs(calls.requestMatchers(EndpointRequest.to("expiredsessions")), Scope.ADMIN);
		needs(calls.requestMatchers(EndpointRequest.toAnyEndpoint(), EndpointRequest.toLinks()), Scope.METRICS);
		needs(calls.requestMatchers(HttpMethod.GET, SESSIONS), Scope.READ);
		needs(calls.requestMatchers(HttpMethod.HEAD, SESSIONS), Scope.READ);
		needs(calls.requestMatchers(HttpMethod.POST, "/adagrad/sessions/*/state/lookup"), Scope.READ);
		needs(calls.requestMatchers(HttpMethod.PUT, "/adagrad/sessions/*/state"), Scope.ADMIN);
		needs(calls.requestMatchers(HttpMethod.PATCH, SESSIONS), Scope.ADMIN);
		// create, step, and delete: whether a session is the caller's own is known later
		needs(calls.requestMatchers(HttpMethod.POST, SESSIONS, "/adagrad/step"), Scope.STEP);
		needs(calls.requestMatchers(HttpMethod.PUT, SESSIONS), Scope.STEP);
		needs(calls.requestMatchers(HttpMethod.DELETE, SESSIONS), Scope.STEP);
		// nothing is at these paths, or not for this method: only callers hear that
		calls.requestMatchers("/adagrad", "/adagrad/**").authenticated();
		calls.anyRequest().permitAll();
	}

	private static void needs(AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizedUrl calls, Scope scope) {
		calls.hasAuthority(scope.toString());
	}

	/// Lets everything pass that the server itself lets pass, but for paths that could be
	/// read in two ways. A method that nothing takes is answered with those that are
	/// taken.
	@Bean
	StrictHttpFirewall firewall() {
		StrictHttpFirewall firewall = new StrictHttpFirewall();
		firewall.setUnsafeAllowAnyHttpMethod(true);
		return firewall;
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
