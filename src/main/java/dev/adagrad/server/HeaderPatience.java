package dev.adagrad.server;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.apache.coyote.Adapter;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the requests of a connection as Tomcat does, but answers 408 if a header has begun and is not complete after
/// some grace. Idle connections are left alone.
///
/// For use by one thread at a time: that of the connection.
final class HeaderPatience extends Http11Processor {

	private static final Logger logger = LoggerFactory.getLogger(HeaderPatience.class);

	private final byte[] refusal;

	private final long graceNanos;

	private final int graceMillis;

	/// The connection that has sent part of a header. Tomcat uses this object for other
	/// connections later.
	private @Nullable SocketWrapperBase<?> begun;

	private long since;

	/// @param refusal the answer if a header does not come in time
	HeaderPatience(AbstractHttp11Protocol<?> protocol, Adapter adapter, Duration grace, byte[] refusal) {
		super(protocol, adapter);
		this.refusal = refusal;
		this.graceNanos = grace.toNanos();
		this.graceMillis = Math.toIntExact(Math.min(Integer.MAX_VALUE, grace.toMillis()));
	}

	@Override
	public SocketState process(SocketWrapperBase<?> connection, SocketEvent event) throws IOException {
		if (connection.equals(this.begun) && event == SocketEvent.ERROR
				&& connection.getError() instanceof SocketTimeoutException) {
			refuse(connection);
			return SocketState.CLOSED;
		}
		return super.process(connection, event);
	}

	@Override
	public SocketState service(SocketWrapperBase<?> connection) throws IOException {
		connection.setWriteTimeout(this.graceMillis);
		SocketState state = super.service(connection);
		if (state != SocketState.LONG || isAsync()) {
			this.begun = null;
			return state;
		}
		long now = System.nanoTime();
		if (!connection.equals(this.begun)) {
			this.begun = connection;
			this.since = now;
		}
		long left = this.graceNanos - (now - this.since);
		if (left <= 0) {
			refuse(connection);
			return SocketState.CLOSED;
		}
		// the timeout counts from the last byte, so the last wait ends in time too
		connection.setReadTimeout(Math.max(1, left / 1_000_000));
		return state;
	}

	/// A problem like any other, as raw bytes: no request has come far enough for the
	/// usual way to answer it.
	/// @param contextPath the prefix of all paths of the service
	static byte[] refusal(String contextPath) {
		String body = """
				{"type":"%s/problems/request-timeout","title":"The request did not come in time","status":408,\
				"detail":"the header comes too slowly; nothing was changed","code":"request-timeout"}"""
			.formatted(contextPath);
		return """
				HTTP/1.1 408 \r
				Content-Type: application/problem+json\r
				Content-Length: %d\r
				Connection: close\r
				\r
				%s""".formatted(body.length(), body).getBytes(StandardCharsets.US_ASCII);
	}

	/// Sends the answer to the client, as far as that is possible without waiting.
	void refuse(SocketWrapperBase<?> connection) {
		this.begun = null;
		if (connection.getSocket() instanceof NioChannel channel) {
			try {
				channel.write(ByteBuffer.wrap(this.refusal));
			}
			catch (IOException ex) {
				logger.debug("a client that was too slow is gone", ex);
			}
		}
	}

}
