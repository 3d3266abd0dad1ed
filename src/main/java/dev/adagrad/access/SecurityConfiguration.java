package dev.adagrad.access;

import dev.adagrad.caller.Scope;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authorization.AuthenticatedAuthorizationManager;
import org.springframework.security.authorization.AuthorityAuthorizationManager;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.SingleResultAuthorizationManager;
import org.springframework.security.config.BeanIds;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.access.intercept.RequestMatcherDelegatingAuthorizationManager;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/// Asks for keys or tokens, and looks at scopes, where the service asks for them.
///
/// Each call brings its own key, so there are no sessions of browsers, no cookies, and nothing for another site to
/// forge.
@Configuration(proxyBeanMethods = false)
@OnAccess({ AccessMode.KEYS, AccessMode.JWT })
class SecurityConfiguration {

	private static final String SESSIONS = "/adagrad/sessions/**";

	/// By this name Boot knows the filter that looks at who calls: on the port of the
	/// service, and on Actuator's where it has one of its own.
	@Bean(BeanIds.SPRING_SECURITY_FILTER_CHAIN)
	Filter callerFilter(AuthenticationManager callers, AccessRefusals refusals, Environment environment) {
		AuthorizationManager<HttpServletRequest> calls = ofCalls();
		AuthorizationManager<HttpServletRequest> others = ofOthers(
				ManagementPortType.get(environment) == ManagementPortType.DIFFERENT);
		return new CallerFilter(callers,
				(caller, request) -> (Paths.isCall(request) ? calls : others).authorize(caller, request), refusals);
	}

	/// For steps and sessions. The first rule that fits a call decides.
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

}
