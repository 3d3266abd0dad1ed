package dev.adagrad.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.jspecify.annotations.Nullable;

/// Reads what is left of a body when its request has been answered. Most clients read no answer before they have sent
/// all: if the connection were closed on them, they would see it reset, and lose the answer. So:
///
/// 1. The answer is sent, with its length, for clients that do read.
/// 2. The rest of the body is read and thrown away, up to a number of bytes, as long as it comes at the least rate.
/// 3. If it is larger or slower, the connection ends; of HTTP/2, the stream.
///
/// Tomcat would do the second itself, but not for every status, and without a limit in time. Over HTTP/2 it would reset
/// the stream, count that as an attack, and after a few end the connection with all its other streams.
///
/// Over HTTP/2 the body is read first, and answered when it has ended or nothing has come for some seconds. For once an
/// answer has ended, Tomcat gives its stream no more room, and some clients (httpx) wait for that before they read.
/// Others (curl) end their body as soon as they have read, which a proxy on the way (HAProxy) takes for an error, and
/// drops the answer.
///
/// A client that has asked first (`Expect: 100-continue`) and sent nothing has nothing to send.
///
/// For any number of threads.
class UnreadBodyValve extends ValveBase {

	private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

	private final long maxBytes;

	private final Pace pace;

	/// @param maxBytes so much is read at most
	/// @param pace how slowly it may come
	UnreadBodyValve(long maxBytes, Pace pace) {
		super(true);
		this.maxBytes = maxBytes;
		this.pace = pace;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		getNext().invoke(request, response);
		org.apache.coyote.Request coyote = request.getCoyoteRequest();
		if (request.isAsync() || coyote.isFinished()) {
			return;
		}
		if (coyote.protocol().equals("HTTP/2.0")) {
			if (!isAskedFirst(coyote)) {
				RequestRoom.find(request).ifPresent(RequestRoom::answered);
				forgetLength(coyote);
				readWhileItComes(coyote);
			}
			return;
		}
		if (!isAnnounced(coyote) || isAskedFirst(coyote)) {
			return;
		}
		// first, since the client may send its next request as soon as it has the answer
		RequestRoom.find(request).ifPresent(RequestRoom::answered);
		response.finishResponse();
		// one that was refused for being slow has had its time
		if (response.getStatus() == HttpServletResponse.SC_REQUEST_TIMEOUT || !isReadToItsEnd(coyote)) {
			coyote.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
		}
	}

	private static boolean isAskedFirst(org.apache.coyote.Request request) {
		return request.hasExpectation() && request.getBytesRead() == 0 && !hasCome(request);
	}

	private static boolean isAnnounced(org.apache.coyote.Request request) {
		if (request.getHeader("transfer-encoding") != null) {
			return true;
		}
		try {
			return request.getContentLengthLong() > 0;
		}
		catch (IllegalArgumentException ex) {
			// two lengths, or one that is no number: the end could not be told
			return false;
		}
	}

	private static boolean hasCome(org.apache.coyote.Request request) {
		request.action(ActionCode.AVAILABLE, true);
		return request.getAvailable() > 0;
	}

	private boolean isReadToItsEnd(org.apache.coyote.Request request) {
		Thrown chunk = new Thrown();
		Turns.Turn turn = Turns.current();
		long start = System.nanoTime();
		long bytes = 0;
		try {
			while (bytes <= this.maxBytes && !this.pace.isTooSlow(bytes, System.nanoTime() - start)) {
				int count = request.doRead(chunk);
				if (count < 0) {
					return true;
				}
				bytes += count;
				turn.take();
				turn.spend(count);
			}
		}
		catch (IOException ex) {
			// it breaks off, or its chunks are none
			this.container.getLogger().debug("the rest of a body cannot be read", ex);
		}
		return false;
	}

	/// Else a body that ends early would have Tomcat reset the stream, and count that;
	/// the answer would be lost.
	private static void forgetLength(org.apache.coyote.Request request) {
		if (request.getContentLengthLong() >= 0) {
			request.getMimeHeaders().removeHeader("content-length");
			request.setContentLength(-1);
		}
	}

	private void readWhileItComes(org.apache.coyote.Request request) throws IOException {
		Thrown chunk = new Thrown();
		Turns.Turn turn = Turns.current();
		long start = System.nanoTime();
		long last = start;
		long bytes = 0;
		try {
			while (!request.isFinished() && bytes <= this.maxBytes) {
				long now = System.nanoTime();
				if (hasCome(request)) {
					int count = Math.max(0, request.doRead(chunk));
					bytes += count;
					turn.take();
					last = now;
					turn.spend(count);
				}
				else if (now - last > SILENCE_NANOS || this.pace.isTooSlow(bytes, now - start)) {
					break;
				}
				else {
					// Tomcat can wait too, but for a time that it has one of for all
					turn.leave();
					Thread.sleep(1);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			turn.take();
		}
	}

	/// What was read last, to be thrown away.
	private static final class Thrown implements ApplicationBufferHandler {

		private @Nullable ByteBuffer bytes;

		@Override
		public void setByteBuffer(@Nullable ByteBuffer bytes) {
			this.bytes = bytes;
		}

		@Override
		public @Nullable ByteBuffer getByteBuffer() {
			return this.bytes;
		}

		@Override
		public void expand(int size) {
			// nothing is kept
		}

	}

}
