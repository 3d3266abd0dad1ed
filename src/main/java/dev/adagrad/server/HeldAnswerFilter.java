package dev.adagrad.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/// Holds back every flush, so that Tomcat counts an answer that fits its buffer and sends its `Content-Length`. Spring
/// flushes each answer just before its end. Without a length, a peer over HTTP/1.0 would wait until the connection
/// closes, and that happens only after the rest of a refused body has come. A larger answer goes out while it is
/// written, and other requests have their turns between its parts.
///
/// A refusal without a body, such as Actuator's for a path below one that it knows, gets a body.
@Component
@FilterRegistration(dispatcherTypes = { DispatcherType.REQUEST, DispatcherType.ERROR },
		order = Ordered.HIGHEST_PRECEDENCE)
class HeldAnswerFilter implements Filter {

	private final Pace pace;

	HeldAnswerFilter(LimitsProperties limits) {
		this.pace = limits.pace();
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		Held held = new Held((HttpServletResponse) response, request.getProtocol().equals("HTTP/2.0"));
		chain.doFilter(request, held);
		if (held.isEmptyRefusal() && !response.isCommitted() && request.getDispatcherType() != DispatcherType.ERROR) {
			held.sendError(held.getStatus());
		}
	}

	private final class Held extends HttpServletResponseWrapper {

		private final boolean multiplexed;

		private @Nullable ServletOutputStream stream;

		Held(HttpServletResponse response, boolean multiplexed) {
			super(response);
			this.multiplexed = multiplexed;
		}

		boolean isEmptyRefusal() {
			return this.stream == null && getStatus() >= SC_BAD_REQUEST;
		}

		@Override
		public ServletOutputStream getOutputStream() throws IOException {
			ServletOutputStream held = this.stream;
			if (held == null) {
				held = new HeldStream(super.getOutputStream(), this.multiplexed);
				this.stream = held;
			}
			return held;
		}

		/// Spring answers `OPTIONS` with an empty `Accept-Patch`, which says nothing.
		@Override
		public void addHeader(String name, String value) {
			if (!value.isEmpty()) {
				super.addHeader(name, value);
			}
		}

		@Override
		public void flushBuffer() {
			// see above
		}

		@Override
		public void reset() {
			super.reset();
			this.stream = null;
		}

	}

	private final class HeldStream extends ServletOutputStream {

		private final ServletOutputStream stream;

		/// Whether the answer shares its connection with others, as over HTTP/2. Then it
		/// waits for its client in a place that no channel sees.
		private final boolean multiplexed;

		private final Turns.Turn turn = Turns.current();

		private final long begun = System.nanoTime();

		private long bytes;

		HeldStream(ServletOutputStream stream, boolean multiplexed) {
			this.stream = stream;
			this.multiplexed = multiplexed;
		}

		@Override
		public void write(int next) throws IOException {
			this.stream.write(next);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.turn.spend(length);
			if (this.multiplexed) {
				this.turn.leave();
			}
			this.stream.write(bytes, offset, length);
			this.bytes += length;
			if (this.multiplexed && HeldAnswerFilter.this.pace.isTooSlow(this.bytes, System.nanoTime() - this.begun)) {
				throw new SocketTimeoutException("the answer is taken too slowly");
			}
		}

		@Override
		public void write(ByteBuffer bytes) throws IOException {
			this.stream.write(bytes);
		}

		@Override
		public void flush() {
			// see above
		}

		@Override
		public void close() {
			// Jackson closes the stream that it has written to, which would send the
			// answer
		}

		@Override
		public boolean isReady() {
			return this.stream.isReady();
		}

		@Override
		public void setWriteListener(WriteListener listener) {
			this.stream.setWriteListener(listener);
		}

	}

}
