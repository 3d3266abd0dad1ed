package dev.adagrad.server;

import java.nio.file.Path;
import java.time.Duration;

import dev.adagrad.session.StoreWait;
import dev.adagrad.spool.TemporaryFiles;
import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http2.Http2Protocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

/// Tomcat's settings that Spring Boot has no property for, or that follow from ours.
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

	/// Measured in turns, medians, against Tomcat's own 8 KiB on the heap: a step of 24
	/// MB in and 16 MB out takes 0.95 of the time with 8 KiB outside of the heap, 0.87
	/// with 16, 0.74 with 32 and 0.79 with 64; an answer of 100 bytes takes the same with
	/// all.
	private static final int BUFFER_BYTES = 32 * 1024;

	private static final long LEAST_SWALLOWED = DataSize.ofMegabytes(256).toBytes();

	private static final long MOST_SWALLOWED = DataSize.ofMegabytes(1023).toBytes();

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> keepConnections() {
		return (factory) -> factory.addConnectorCustomizers((connector) -> {
			if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
				// a client that steps in a loop need not connect anew after every 100
				// steps
				http.setMaxKeepAliveRequests(-1);
			}
		});
	}

	/// Bytes go between sockets and buffers outside of the heap: for buffers on the heap
	/// the JVM copies them once more, and Tomcat's are of 8 KiB, so that there are many
	/// calls.
	///
	/// Each connection has two buffers for as long as it is open, and the JVM gives as
	/// much memory outside of the heap as on it: there may be no more connections than
	/// take half of that; others wait to be accepted.
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> bufferDirectly() {
		return (factory) -> {
			factory.setProtocol(DirectBufferProtocol.class.getName());
			factory.addConnectorCustomizers((connector) -> {
				connector.setProperty("socket.directBuffer", "true");
				connector.setProperty("socket.appReadBufSize", Integer.toString(BUFFER_BYTES));
				connector.setProperty("socket.appWriteBufSize", Integer.toString(BUFFER_BYTES));
				if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
					long room = Runtime.getRuntime().maxMemory() / 2 / (2 * BUFFER_BYTES);
					http.setMaxConnections((int) Math.min(http.getMaxConnections(), room));
				}
			});
		};
	}

	/// Half a step of 16 MB takes longer, and nothing that waits without saying so is as
	/// short.
	private static final Duration PATIENCE = Duration.ofMillis(20);

	/// As many requests compute at a time as there are processors for them.
	@Bean
	Turns turns() {
		return new Turns(Runtime.getRuntime().availableProcessors(), PATIENCE);
	}

	/// Who waits for the store lets others compute.
	@Bean
	StoreWait leaveTurn() {
		return () -> Turns.current().leave();
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> takeTurns(Turns turns, Admission admission,
			SpoolProperties spool) {
		return new TurnsCustomizer(turns, new RequestValve(admission, new TemporaryFiles(Path.of(spool.path()))));
	}

	/// HTTP/2 in clear text, for clients and proxies that speak it: by prior knowledge,
	/// or by an upgrade.
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> offerHttp2() {
		return (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.addUpgradeProtocol(new Http2WithoutBuffering()));
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> refuseLargeBodiesCleanly(LimitsProperties limits) {
		return (factory) -> factory.addConnectorCustomizers((connector) -> {
			if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
				// a client that asks first (Expect: 100-continue) is told 413 instead
				// of 100, and sends nothing
				http.setContinueResponseTiming("onRead");
				// most clients read no answer before they have sent all: the rest of a
				// refused body, up to twice the limit and at least 512 MB, is thrown
				// away unseen, where closing at once would reset the connection and
				// lose the answer
				http.setMaxSwallowSize(
						(int) (2 * Math.clamp(limits.maxRequestSize().toBytes(), LEAST_SWALLOWED, MOST_SWALLOWED)));
			}
		});
	}

	/// Tomcat holds the whole body of a request that asks for an upgrade in memory, and
	/// refuses one of more than 4 KiB. Java's own client asks with its first request,
	/// whatever that is: one with a body is answered over HTTP/1.1.
	private static final class Http2WithoutBuffering extends Http2Protocol {

		@Override
		public boolean accept(Request request) {
			boolean hasBody = request.getContentLengthLong() > 0
					|| request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
			return !hasBody && super.accept(request);
		}

	}

	/// Last, so that no other executor replaces it.
	private record TurnsCustomizer(Turns turns,
			RequestValve valve) implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

		@Override
		public void customize(TomcatServletWebServerFactory factory) {
			factory.addProtocolHandlerCustomizers((protocol) -> protocol.setExecutor(this.turns));
			factory.addEngineValves(this.valve);
		}

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

	}

}
