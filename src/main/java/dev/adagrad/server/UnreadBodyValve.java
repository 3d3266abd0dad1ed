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

/// Reads the rest of a body after its request has been answered. Most clients do not read an answer before they have
/// sent everything. If the server closed the connection, they would see a reset and lose the answer. So:
///
/// 1. The answer is sent, with its length, for clients that read early.
/// 2. The rest of the body is read and thrown away, up to a number of bytes, as long as it comes at the minimum rate.
/// 3. If it is larger or slower, the connection ends; over HTTP/2 the stream ends.
///
/// Tomcat would do the second by itself, but not for every status, and without a time limit. Over HTTP/2 it would reset
/// the stream, count that as an attack, and after a few such resets end the connection with all its other streams.
///
/// Over HTTP/2 the body is read first, and the answer is sent when the body has ended or when nothing has come for some
/// seconds. The reason: once an answer has ended, Tomcat gives its stream no more room, and some clients (httpx) wait
/// for room before they read. Others (curl) end their body as soon as they have read the answer; a proxy on the way
/// (HAProxy) takes that for an error and drops the answer.
///
/// If a client has asked first (`Expect: 100-continue`) and has sent nothing, there is no rest to read.
///
/// Safe for use by any number of threads.
class UnreadBodyValve extends ValveBase {

	private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

	private final long maxBytes;

	private final Pace pace;

	/// @param maxBytes the largest number of bytes read
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
		// a request that was refused for being slow has used up its time
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
			// two lengths, or one that is not a number: the end of the body is unknown
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
			// the body breaks off, or its chunks are malformed
			this.container.getLogger().debug("the rest of a body cannot be read", ex);
		}
		return false;
	}

	/// Otherwise a body that ends early would make Tomcat reset the stream and count
	/// that, and the answer would be lost.
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
					// Tomcat can wait too, but it has only one timeout for all waits
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

	/// What was read last, only to be thrown away.
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
