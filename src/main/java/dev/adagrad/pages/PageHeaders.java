package dev.adagrad.pages;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerInterceptor;

/// What a browser may do with a page: run this service's own scripts and call this service, and nothing else. The
/// browser keeps what it has fetched, but asks each time whether that is still current, so that pages and scripts of
/// two versions do not mix.
///
/// A refusal that is dispatched to its handler is no page, and says for itself who may keep it.
///
/// @see <a href="https://www.w3.org/TR/CSP3/">Content Security Policy Level 3</a>
class PageHeaders implements HandlerInterceptor {

	/// No page contains scripts or styles. But the style sheets of Swagger UI contain
	/// images.
	static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
			+ "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getDispatcherType() == DispatcherType.ERROR) {
			return true;
		}
		response.setHeader("Content-Security-Policy", POLICY);
		response.setHeader("Referrer-Policy", "no-referrer");
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
		return true;
	}

}
