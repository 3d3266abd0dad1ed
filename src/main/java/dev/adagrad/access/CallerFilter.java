package dev.adagrad.access;

import java.io.IOException;
import java.util.Optional;

import dev.adagrad.refusal.Refusal;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/// Makes the caller whom Spring Security knows the request's. It runs before scopes are looked at, so that a line about a
/// refusal names the caller.
class CallerFilter extends OncePerRequestFilter {

	private final AccessRefusals refusals;

	CallerFilter(AccessRefusals refusals) {
		this.refusals = refusals;
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Optional<Refusal> refusal = (SecurityContextHolder.getContext()
			.getAuthentication() instanceof CallerAuthentication known) ? VisitorFilter.enter(request, known.caller())
					: Optional.empty();
		if (refusal.isPresent()) {
			this.refusals.refuse(request, response, refusal.get());
		}
		else {
			chain.doFilter(request, response);
		}
	}

}
