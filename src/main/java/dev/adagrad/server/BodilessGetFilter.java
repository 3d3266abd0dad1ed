package dev.adagrad.server;

import java.io.IOException;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/// Ignores the body of a GET or HEAD, which has no meaning. Actuator would read all of it as JSON, whatever its size.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.1">RFC 9110: content in a GET has no semantics</a>
@Component
class BodilessGetFilter implements Filter {

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		chain.doFilter(
				(request instanceof HttpServletRequest http && isGetWithBody(http)) ? new Bodiless(http) : request,
				response);
	}

	private static boolean isGetWithBody(HttpServletRequest request) {
		return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
				&& (request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
						|| request.getProtocol().equals("HTTP/2.0"));
	}

	private static final class Bodiless extends HttpServletRequestWrapper {

		Bodiless(HttpServletRequest request) {
			super(request);
		}

		@Override
		public ServletInputStream getInputStream() {
			return new Empty();
		}

	}

	private static final class Empty extends ServletInputStream {

		@Override
		public int read() {
			return -1;
		}

		@Override
		public boolean isFinished() {
			return true;
		}

		@Override
		public boolean isReady() {
			return true;
		}

		@Override
		public void setReadListener(ReadListener listener) {
			throw new IllegalStateException("nothing is read asynchronously here");
		}

	}

}
