package dev.adagrad.access;

import java.io.IOException;
import java.security.Principal;

import dev.adagrad.caller.Scope;
import dev.adagrad.refusal.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorityAuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/// Finds out who calls, by the key or the token of the call, and whether that caller may.
///
/// Spring Security answers both questions. Its chain of filters is not there: what the filters do beside asking is of no
/// use here, and took 5 % of the CPU time of a short step.
class CallerFilter extends HttpFilter {

	private static final String BEARER = "Bearer ";

	private final transient AuthenticationManager callers;

	private final transient AuthorizationManager<HttpServletRequest> rules;

	private final transient AccessRefusals refusals;

	/// @param callers knows whose a key or token is: a [CallerAuthentication]
	/// @param rules which scope a call needs
	CallerFilter(AuthenticationManager callers, AuthorizationManager<HttpServletRequest> rules,
			AccessRefusals refusals) {
		this.callers = callers;
		this.rules = rules;
		this.refusals = refusals;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		@Nullable CallerAuthentication caller;
		try {
			caller = caller(request);
			requireScope(request, caller);
		}
		catch (Refusal refusal) {
			this.refusals.refuse(request, response, refusal);
			return;
		}
		chain.doFilter((caller == null || Paths.isCall(request)) ? request : new Asked(request, caller), response);
	}

	/// Makes whoever calls the request's caller, so that a line about a refusal names it.
	/// @throws Refusal if the key or the token is not good, or the caller may not act in
	/// the tenant of its choice
	private @Nullable CallerAuthentication caller(HttpServletRequest request) {
		@Nullable String bearer = keyOrToken(request);
		if (bearer == null) {
			return null;
		}
		CallerAuthentication known;
		try {
			known = (CallerAuthentication) this.callers.authenticate(new BearerTokenAuthenticationToken(bearer));
		}
		catch (AuthenticationServiceException ex) {
			throw AccessRefusals.issuerUnreachable();
		}
		catch (AuthenticationException ex) {
			throw AccessRefusals.badKey(String.valueOf(ex.getMessage()));
		}
		VisitorFilter.enter(request, known.caller());
		return known;
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

	/// @throws Refusal if the call needs a caller, or a scope that its caller has not
	private void requireScope(HttpServletRequest request, @Nullable CallerAuthentication caller) {
		@Nullable AuthorizationResult result = this.rules.authorize(() -> caller, request);
		if (result != null && !result.isGranted()) {
			throw (caller != null && result instanceof AuthorityAuthorizationDecision scopes)
					? AccessRefusals.withoutScope(scope(scopes)) : AccessRefusals.noKey();
		}
	}

	private static Scope scope(AuthorityAuthorizationDecision missing) {
		return missing.getAuthorities()
			.stream()
			.flatMap((scope) -> Scope.ofName(String.valueOf(scope.getAuthority())).stream())
			.findFirst()
			.orElseThrow();
	}

	/// Actuator asks the request who has sent it.
	private static final class Asked extends HttpServletRequestWrapper {

		private final CallerAuthentication caller;

		Asked(HttpServletRequest request, CallerAuthentication caller) {
			super(request);
			this.caller = caller;
		}

		@Override
		public Principal getUserPrincipal() {
			return this.caller;
		}

	}

}
