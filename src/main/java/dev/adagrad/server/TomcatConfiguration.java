package dev.adagrad.server;

import org.apache.coyote.http11.AbstractHttp11Protocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

/// Tomcat's settings that Spring Boot has no property for, or that follow from ours.
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

	/// Measured in turns, medians, against Tomcat's own 8 KiB on the heap: a step of 24
	/// MB in and 16 MB out takes 0.95 of the time with 8 KiB outside of the heap, 0.87
	/// with 16, 0.74 with 32 and 0.79 with 64; an answer of 100 bytes takes the same with
	/// all.
	private static final int BUFFER_BYTES = 32 * 1024;

	/// Where the heap is small, half: a connection whose request has begun takes as much
	/// of it as both buffers do outside.
	private static final int SMALL_BUFFER_BYTES = BUFFER_BYTES / 2;

	private static final long SMALL_HEAP_BYTES = DataSize.ofGigabytes(1).toBytes();

	/// Connections may take this part of what the heap has for requests, and as much
	/// outside.
	private static final int PART_OF_HEAP = 8;

	/// Clients that connect while a second of others is taken on are not turned away.
	private static final int ACCEPT_COUNT = 1024;

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> keepConnections() {
		return (factory) -> factory.addConnectorCustomizers((connector) -> {
			if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
				// who steps in a loop need not connect anew after every 100 steps
				http.setMaxKeepAliveRequests(-1);
			}
		});
	}

	/// Bytes go between sockets and buffers outside of the heap: for buffers on the heap
	/// the JVM copies them once more, and Tomcat's are of 8 KiB, so that there are many
	/// calls.
	///
	/// Each connection has two buffers for as long as it is open, and takes about as much
	/// of the heap while a request is on its way: so their number follows the heap.
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> bufferDirectly(LimitsProperties limits) {
		long heapBytes = Runtime.getRuntime().maxMemory();
		int bufferBytes = (heapBytes < SMALL_HEAP_BYTES) ? SMALL_BUFFER_BYTES : BUFFER_BYTES;
		long room = LimitsProperties.bytesForRequests(heapBytes) / PART_OF_HEAP / (2L * bufferBytes);
		return (factory) -> {
			factory.setProtocol(PatientProtocol.class.getName());
			factory.addConnectorCustomizers((connector) -> {
				connector.setProperty("socket.directBuffer", "true");
				connector.setProperty("socket.appReadBufSize", Integer.toString(bufferBytes));
				connector.setProperty("socket.appWriteBufSize", Integer.toString(bufferBytes));
				if (connector.getProtocolHandler() instanceof PatientProtocol http) {
					http.setPace(limits.pace(), factory.getContextPath());
					http.setMaxConnections((int) Math.min(http.getMaxConnections(), room));
					// used again: else they would pile up until the garbage collector
					// looks
					connector.setProperty("socket.bufferPool", Integer.toString(http.getMaxConnections()));
					http.setAcceptCount(Math.max(http.getAcceptCount(), ACCEPT_COUNT));
				}
			});
		};
	}

}
