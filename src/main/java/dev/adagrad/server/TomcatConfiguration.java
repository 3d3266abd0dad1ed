package dev.adagrad.server;

import org.apache.coyote.http11.AbstractHttp11Protocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Tomcat's settings that Spring Boot has no property for, or that follow from ours.
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> refuseLargeBodiesCleanly(LimitsProperties limits) {
		return (factory) -> factory.addConnectorCustomizers((connector) -> {
			if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
				// a client that asks first (Expect: 100-continue) is told 413 instead
				// of 100, and sends nothing
				http.setContinueResponseTiming("onRead");
				// most clients read no answer before they have sent all: the rest of a
				// refused body is thrown away unseen, where closing at once would reset
				// the connection and lose the answer
				http.setMaxSwallowSize((int) Math.min(Integer.MAX_VALUE, 2 * limits.maxRequestSize().toBytes()));
			}
		});
	}

}
