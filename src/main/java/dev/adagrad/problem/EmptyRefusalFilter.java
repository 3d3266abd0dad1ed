package dev.adagrad.problem;

import java.io.IOException;
import java.io.PrintWriter;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

import org.springframework.web.filter.OncePerRequestFilter;

/// Turns a refusal without a body into a problem. Actuator answers so where it does not know a path below one that it
/// knows, such as `/actuator/health/nope`.
class EmptyRefusalFilter extends OncePerRequestFilter {

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Watched watched = new Watched(response);
		chain.doFilter(request, watched);
		if (watched.isEmptyRefusal() && !response.isCommitted()) {
			response.sendError(response.getStatus());
		}
	}

	/// Holds back the flush that would send the headers of a refusal before it has a
	/// body.
	private static final class Watched extends HttpServletResponseWrapper {

		private boolean written;

		Watched(HttpServletResponse response) {
			super(response);
		}

		boolean isEmptyRefusal() {
			return !this.written && getStatus() >= SC_BAD_REQUEST;
		}

		@Override
		public ServletOutputStream getOutputStream() throws IOException {
			this.written = true;
			return super.getOutputStream();
		}

		@Override
		public PrintWriter getWriter() throws IOException {
			this.written = true;
			return super.getWriter();
		}

		@Override
		public void flushBuffer() throws IOException {
			if (!isEmptyRefusal()) {
				super.flushBuffer();
			}
		}

	}

}
