package dev.adagrad.server;

import org.apache.coyote.http11.AbstractHttp11Protocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.util.unit.DataSize;

import jakarta.servlet.DispatcherType;

/// How answers leave: with their length, and whether or not the body has come.
@Configuration(proxyBeanMethods = false)
class AnswerConfiguration {

	private static final long LEAST_UNREAD = DataSize.ofMegabytes(256).toBytes();

	private static final long MOST_UNREAD = DataSize.ofMegabytes(1023).toBytes();

	@Bean
	FilterRegistrationBean<HeldAnswerFilter> heldAnswerFilter(LimitsProperties limits) {
		FilterRegistrationBean<HeldAnswerFilter> registration = new FilterRegistrationBean<>(
				new HeldAnswerFilter(limits.pace()));
		registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ERROR);
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	@Bean
	FilterRegistrationBean<BodilessGetFilter> bodilessGetFilter() {
		return new FilterRegistrationBean<>(new BodilessGetFilter());
	}

	/// The rest of a refused body is read, up to twice the limit and at least 512 MB.
	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> readWhatIsUnread(LimitsProperties limits) {
		int maxBytes = (int) (2 * Math.clamp(limits.maxRequestSize().toBytes(), LEAST_UNREAD, MOST_UNREAD));
		return (factory) -> {
			factory.addEngineValves(new UnreadBodyValve(maxBytes, limits.pace()));
			factory.addConnectorCustomizers((connector) -> {
				if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
					// a client that asks first (Expect: 100-continue) is told 413 instead
					// of 100, and sends nothing
					http.setContinueResponseTiming("onRead");
					// by this Tomcat tells whether the connection can be kept after a
					// refusal, and says so to the client
					http.setMaxSwallowSize(maxBytes);
					// no wait for a single byte of a body is longer than the grace
					http.setDisableUploadTimeout(false);
					http.setConnectionUploadTimeout(Math.toIntExact(limits.grace().toMillis()));
				}
			});
		};
	}

}
