package dev.adagrad.server;

import java.util.List;

import dev.adagrad.spool.BoundedSpool;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/// Settings of Tomcat for which Spring Boot has no property, or which follow from ours; the others are in
/// `application.properties`. This runs after Spring Boot's own configuration, so that no executor replaces [Turns], and
/// the client's address is the one that a trusted proxy reports.
@Component
record TomcatConfiguration(LimitsProperties limits, Turns turns, Draining draining, Admission admission,
		BoundedSpool spool,
		WebEndpointProperties actuator) implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

	/// Medians, measured in alternation, against Tomcat's own 8 KiB on the heap: a step
	/// of 24 MB in and 16 MB out takes 0.95 of the time with 8 KiB outside of the heap,
	/// 0.87 with 16, 0.74 with 32 and 0.79 with 64. An answer of 100 bytes takes the
	/// same time with all sizes.
	private static final int BUFFER_BYTES = 32 * 1024;

	/// Half, for a small heap: a connection whose request has begun takes as much of the
	/// heap as both buffers take outside.
	private static final int SMALL_BUFFER_BYTES = BUFFER_BYTES / 2;

	/// Over TLS a buffer holds a whole record at least. Tomcat would make a smaller one
	/// larger for each connection, and free the small one by a method about which the
	/// JVM warns.
	private static final int LEAST_SECURE_BUFFER_BYTES = 17 * 1024;

	/// What a connection over TLS takes of the heap as long as it is open: two buffers
	/// for records, and its keys. Measured with 800 connections.
	private static final int SECURE_BYTES = 42 * 1024;

	private static final long SMALL_HEAP_BYTES = DataSize.ofGigabytes(1).toBytes();

	/// Connections may take this part of the heap's memory for requests, and as much
	/// outside of the heap.
	private static final int PART_OF_HEAP = 8;

	private static final long LEAST_UNREAD = DataSize.ofMegabytes(256).toBytes();

	private static final long MOST_UNREAD = DataSize.ofMegabytes(1023).toBytes();

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		// the service reads the rest of a refused body, up to twice the limit and at
		// least 512 MB
		int unread = (int) (2 * Math.clamp(this.limits.maxRequestSize().toBytes(), LEAST_UNREAD, MOST_UNREAD));
		String root = factory.getContextPath();
		List<String> health = List.of(root + this.actuator.getBasePath() + "/health", root + "/livez",
				root + "/readyz");
		factory.addEngineValves(new RequestValve(this.draining, this.admission, this.spool, health),
				new UnreadBodyValve(unread, this.limits.pace()));
		boolean secure = Ssl.isEnabled(factory.getSsl());
		Http2 http2 = factory.getHttp2();
		// otherwise Spring Boot adds Tomcat's own HTTP/2
		factory.setHttp2(null);
		factory.setProtocol(PatientProtocol.class.getName());
		factory.addConnectorCustomizers((connector) -> {
			if (connector.getProtocolHandler() instanceof PatientProtocol http) {
				http.setUp(this.limits.pace(), root, this.admission::makeWay);
				http.setExecutor(this.turns);
				bufferDirectly(http, secure);
				refuseGently(http, unread);
				if (http2 != null && http2.isEnabled()) {
					connector.addUpgradeProtocol(new PriorKnowledgeHttp2(http, this.limits.grace()));
				}
			}
		});
	}

	/// Moves bytes between sockets and buffers outside of the heap. For buffers on the
	/// heap the JVM copies the bytes once more, and Tomcat's have 8 KiB, which needs
	/// many calls.
	///
	/// Each connection has two buffers while it is open, and takes about as much of the
	/// heap while a request is on its way. So the size of the heap determines the number
	/// of connections.
	/// @param secure whether connections use TLS
	static void bufferDirectly(PatientProtocol http, boolean secure) {
		long heapBytes = Runtime.getRuntime().maxMemory();
		int bufferBytes = (heapBytes < SMALL_HEAP_BYTES) ? SMALL_BUFFER_BYTES : BUFFER_BYTES;
		long connectionBytes = 2L * bufferBytes;
		if (secure) {
			bufferBytes = Math.max(bufferBytes, LEAST_SECURE_BUFFER_BYTES);
			connectionBytes = 2L * bufferBytes + SECURE_BYTES;
		}
		long room = LimitsProperties.bytesForRequests(heapBytes) / PART_OF_HEAP / connectionBytes;
		http.setProperty("socket.directBuffer", "true");
		http.setProperty("socket.appReadBufSize", Integer.toString(bufferBytes));
		http.setProperty("socket.appWriteBufSize", Integer.toString(bufferBytes));
		http.setMaxConnections((int) Math.min(http.getMaxConnections(), room));
		// reuse the buffers: otherwise they would pile up until the garbage collector
		// runs
		http.setProperty("socket.bufferPool", Integer.toString(http.getMaxConnections()));
	}

	private void refuseGently(PatientProtocol http, int unread) {
		// a client that asks first (Expect: 100-continue) gets 413 instead of 100, and
		// sends nothing
		http.setContinueResponseTiming("onRead");
		// from this Tomcat knows whether it can keep the connection after a refusal, and
		// it tells the client
		http.setMaxSwallowSize(unread);
		// no wait for a single byte of a body is longer than the grace
		http.setDisableUploadTimeout(false);
		http.setConnectionUploadTimeout(Math.toIntExact(this.limits.grace().toMillis()));
	}

}
