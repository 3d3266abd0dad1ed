package dev.adagrad.access;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

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
		try {
			requirePeer(request);
			requireHost(request);
			if (!this.visitors.mode().asksForKey()) {
				enter(request, Caller.ANYBODY);
			}
		}
		catch (Refusal refusal) {
			this.refusals.refuse(request, response, refusal);
			return;
		}
		chain.doFilter(request, response);
	}

	private void requirePeer(HttpServletRequest request) {
		if (this.visitors.mode() == AccessMode.LOCAL) {
			String peer = (request.getAttribute(Caller.PEER) instanceof String address) ? address : "";
			// and what a trusted proxy on this machine says of its client
			for (String address : List.of(peer, request.getRemoteAddr())) {
				if (!Visitors.isLoopback(address)) {
					throw AccessRefusals.notLocal(address);
				}
			}
		}
	}

	private void requireHost(HttpServletRequest request) {
		// over HTTP/2 the name may stand in the request's :authority alone
		String host = Objects.requireNonNullElseGet(request.getHeader(HttpHeaders.HOST), request::getServerName);
		// no browser leaves the name out
		if (!host.isEmpty() && !this.visitors.mayCall(host)) {
			throw AccessRefusals.foreignHost(host);
		}
	}

	/// Makes a caller the request's, in the tenant that the request asks for.
	/// @throws Refusal if the caller may not act in that tenant, or it cannot be one
	static void enter(HttpServletRequest request, Caller caller) {
		@Nullable String wanted = request.getHeader(TENANT);
		request.setAttribute(Caller.ATTRIBUTE, caller);
		if (wanted == null || wanted.equals(caller.tenant().name())) {
			return;
		}
		if (!caller.may(Scope.ADMIN)) {
			throw AccessRefusals.withoutScope(Scope.ADMIN);
		}
		if (!Tenant.isValid(wanted)) {
			throw Refusal.of(Code.MALFORMED_HEADER, TENANT + " must be " + Tenant.GRAMMAR);
		}
		request.setAttribute(Caller.ATTRIBUTE, caller.in(new Tenant(wanted)));
	}

}
