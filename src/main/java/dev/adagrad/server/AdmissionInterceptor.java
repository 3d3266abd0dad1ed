package dev.adagrad.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import dev.adagrad.wire.MessageType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Has each body admitted: at once where its length is announced, else as it comes. One that is staged, and so does not
/// stay in memory, counts with no more than what is held of it at a time.
@Component
class AdmissionInterceptor implements HandlerInterceptor {

	private static final String SHARE = AdmissionInterceptor.class.getName() + ".share";

	/// A block as it is read: its doubles, beside them what stood in for them while they
	/// were fewer, and the rare floats; some more for what other blocks left behind.
	private static final long MOST_OF_STAGED = DataSize.ofMegabytes(4).toBytes();

	private final Admission admission;

	AdmissionInterceptor(Admission admission) {
		this.admission = admission;
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		Admission.Share share = this.admission.open();
		share.add(Math.min(Math.max(0, request.getContentLengthLong()), mostHeld(handler)));
		request.setAttribute(SHARE, share);
		return true;
	}

	private static long mostHeld(Object handler) {
		if (handler instanceof HandlerMethod method) {
			for (MethodParameter parameter : method.getMethodParameters()) {
				if (parameter.hasParameterAnnotation(RequestBody.class)) {
					return mostHeld(parameter.getParameterType());
				}
			}
		}
		return Long.MAX_VALUE;
	}

	private static long mostHeld(Class<?> body) {
		return MessageType.isStaged(body) ? MOST_OF_STAGED : Long.MAX_VALUE;
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		if (request.getAttribute(SHARE) instanceof Admission.Share share) {
			share.release();
		}
	}

	/// The body of a request: counted as it comes where its length is not announced.
	/// @param type what it is read as
	/// @throws IOException if there is no stream
	InputStream admitted(HttpServletRequest request, Class<?> type) throws IOException {
		if (request.getContentLengthLong() < 0 && request.getAttribute(SHARE) instanceof Admission.Share share) {
			return new CountedBody(request.getInputStream(), share, mostHeld(type));
		}
		return request.getInputStream();
	}

	/// Has what has come admitted, up to a bound.
	private static final class CountedBody extends FilterInputStream {

		private final Admission.Share share;

		private long uncounted;

		CountedBody(InputStream body, Admission.Share share, long mostHeld) {
			super(body);
			this.share = share;
			this.uncounted = mostHeld;
		}

		private void count(long more) {
			long counted = Math.clamp(more, 0, this.uncounted);
			this.share.add(counted);
			this.uncounted -= counted;
		}

		@Override
		public int read() throws IOException {
			int next = super.read();
			count((next < 0) ? 0 : 1);
			return next;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) throws IOException {
			int count = super.read(buffer, offset, length);
			count(count);
			return count;
		}

	}

}
