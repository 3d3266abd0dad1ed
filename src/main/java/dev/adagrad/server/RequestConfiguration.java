package dev.adagrad.server;

import java.nio.file.Path;
import java.time.Duration;

import dev.adagrad.session.StoreWait;
import dev.adagrad.spool.TemporaryFiles;
import jakarta.servlet.Filter;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// When a request computes, and what it may take.
@Configuration(proxyBeanMethods = false)
class RequestConfiguration {

	/// A part of a request that computes without a pause takes less, but for the update
	/// of ten million elements; what waits without saying so takes longer.
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
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> takeTurns(Turns turns) {
		// last, so that no other executor replaces it
		return new Customizer(Ordered.LOWEST_PRECEDENCE,
				(factory) -> factory.addProtocolHandlerCustomizers((protocol) -> protocol.setExecutor(turns)));
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> giveRoom(Admission admission, SpoolProperties spool,
			WebEndpointProperties actuator) {
		RequestValve valve = new RequestValve(admission, new TemporaryFiles(Path.of(spool.path())),
				actuator.getBasePath() + "/health");
		// behind Spring Boot's own valve, which takes the client's address from a trusted
		// proxy, and before all others of ours: what they do takes room too
		return new Customizer(1, (factory) -> factory.addEngineValves(valve));
	}

	@Bean
	FilterRegistrationBean<Filter> refuseWithoutRoom() {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(RequestValve::refuse);
		registration.setName("refuseWithoutRoom");
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	private record Customizer(int order, WebServerFactoryCustomizer<TomcatServletWebServerFactory> customizer)
			implements
				WebServerFactoryCustomizer<TomcatServletWebServerFactory>,
				Ordered {

		@Override
		public void customize(TomcatServletWebServerFactory factory) {
			this.customizer.customize(factory);
		}

		@Override
		public int getOrder() {
			return this.order;
		}

	}

}
