package dev.adagrad.access;

import java.io.IOException;
import java.util.Optional;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Looks at where a call comes from, before anything else about it matters: at the machine that has connected, if only
/// this one is served, and at the name by which it calls the service. Without keys, it also says who calls: anybody.
///
/// It also says for each answer that a browser must take it for what it is, and that no page of another origin may embed
/// it; what CORS allows is read in another way, and stays allowed. What belongs to a tenant nobody on the way may keep.
///
/// It runs after the filters that refuse headers which cannot be read, and before the one for calls of foreign web
/// pages.
@Component
@FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 4)
class VisitorFilter extends OncePerRequestFilter {

	/// The header with which an administrator chooses a tenant.
	static final String TENANT = "Adagrad-Tenant";

	private final Visitors visitors;

	private final AccessRefusals refusals;

	VisitorFilter(Visitors visitors, AccessRefusals refusals) {
		this.visitors = visitors;
		this.refusals = refusals;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		response.setHeader("X-Content-Type-Options", "nosniff");
		response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
		if (Paths.isCall(request)) {
			response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		}
		Optional<Refusal> refusal = peer(request).or(() -> host(request));
		if (refusal.isEmpty() && !this.visitors.mode().asksForKey()) {
			refusal = enter(request, Caller.ANYBODY);
		}
		if (refusal.isPresent()) {
			this.refusals.refuse(request, response, refusal.get());
		}
		else {
			chain.doFilter(request, response);
		}
	}

	private Optional<Refusal> peer(HttpServletRequest request) {
		if (this.visitors.mode() != AccessMode.LOCAL) {
			return Optional.empty();
		}
		String peer = (request.getAttribute(Caller.PEER) instanceof String address) ? address : "";
		if (!Hosts.isLoopback(peer)) {
			return Optional.of(AccessRefusals.notLocal(peer));
		}
		// what a trusted proxy on this machine says of its client
		String client = request.getRemoteAddr();
		return Hosts.isLoopback(client) ? Optional.empty() : Optional.of(AccessRefusals.notLocal(client));
	}

	private Optional<Refusal> host(HttpServletRequest request) {
		if (this.visitors.hosts().isEmpty()) {
			return Optional.empty();
		}
		// over HTTP/2 the name may stand in the request's :authority alone
		@Nullable String header = request.getHeader(HttpHeaders.HOST);
		String host = (header != null) ? header : request.getServerName();
		// no browser leaves the name out
		return (host.isEmpty() || this.visitors.hosts().get().name(host)) ? Optional.empty()
				: Optional.of(AccessRefusals.foreignHost(host));
	}

	/// Makes a caller the request's, in the tenant that the request asks for.
	static Optional<Refusal> enter(HttpServletRequest request, Caller caller) {
		@Nullable String wanted = request.getHeader(TENANT);
		request.setAttribute(Caller.ATTRIBUTE, caller);
		if (wanted == null || wanted.equals(caller.tenant().name())) {
			return Optional.empty();
		}
		if (!caller.may(Scope.ADMIN)) {
			return Optional.of(AccessRefusals.withoutScope(Scope.ADMIN));
		}
		if (!Tenant.isValid(wanted)) {
			return Optional.of(Refusal.of(Code.MALFORMED_HEADER, TENANT + " must be " + Tenant.GRAMMAR));
		}
		request.setAttribute(Caller.ATTRIBUTE, caller.in(new Tenant(wanted)));
		return Optional.empty();
	}

}
