package dev.adagrad.server;

import org.apache.coyote.Request;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http2.Http2Protocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

/// Tomcat's settings that Spring Boot has no property for, or that follow from ours.
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

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

	/// Bytes go from the socket to a buffer outside of the heap and back: on the heap the
	/// JVM copies each once more.
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> bufferDirectly() {
		return (factory) -> {
			factory.setProtocol(DirectBufferProtocol.class.getName());
			factory.addConnectorCustomizers((connector) -> {
				connector.setProperty("socket.directBuffer", "true");
				String bytes = System.getProperty("spike.buf", "8192");
				connector.setProperty("socket.appReadBufSize", bytes);
				connector.setProperty("socket.appWriteBufSize", bytes);
			});
		};
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

}
