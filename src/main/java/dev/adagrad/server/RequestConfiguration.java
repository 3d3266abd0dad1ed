package dev.adagrad.server;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.adagrad.session.StoreWait;
import dev.adagrad.spool.BoundedSpool;
import jakarta.servlet.Filter;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

	private static final Logger logger = LoggerFactory.getLogger(RequestConfiguration.class);

	/// A part of a request that computes without a pause takes less, but for the update
	/// of ten million elements; what waits without saying so takes longer.
	private static final Duration PATIENCE = Duration.ofMillis(20);

	/// With less, short requests come less often to the same processor while its caches
	/// know them; with more, others wait longer.
	private static final Duration SLICE = Duration.ofNanos(100_000);

	/// As many requests compute at a time as there are processors for them.
	@Bean
	Turns turns() {
		return new Turns(Runtime.getRuntime().availableProcessors(), SLICE, PATIENCE);
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
	BoundedSpool spool(SpoolProperties properties) {
		BoundedSpool spool = new BoundedSpool(Path.of(properties.path()), properties.maxSize().toBytes(),
				properties.maxSizePerClient().toBytes());
		try {
			spool.sweep();
		}
		catch (IOException ex) {
			logger.debug("what others have left in the folder for temporary files stays", ex);
		}
		return spool;
	}

	@Bean
	Draining draining(ShutdownProperties shutdown) {
		return new Draining(shutdown.pause());
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> sayWhenItEnds(Draining draining) {
		// before all that may refuse a request
		return new Customizer(0, (factory) -> factory.addEngineValves(draining.valve()));
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> giveRoom(Admission admission, BoundedSpool spool,
			WebEndpointProperties actuator) {
		// behind Spring Boot's own valve, which takes the client's address from a trusted
		// proxy, and before all others of ours: what they do takes room too
		return new Customizer(1, (factory) -> {
			String root = factory.getContextPath();
			List<String> health = List.of(root + actuator.getBasePath() + "/health", root + "/livez", root + "/readyz");
			factory.addEngineValves(new RequestValve(admission, spool, health));
			factory.addProtocolHandlerCustomizers((protocol) -> {
				if (protocol instanceof PatientProtocol patient) {
					patient.setRequests(admission::makeWay);
				}
			});
		});
	}

	@Bean
	FilterRegistrationBean<Filter> refuseWithoutRoom() {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(RequestValve::refuse);
		registration.setName("refuseWithoutRoom");
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	/// With a place among the others.
	record Customizer(int order, WebServerFactoryCustomizer<TomcatServletWebServerFactory> customizer)
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
