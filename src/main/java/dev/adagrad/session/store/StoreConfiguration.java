package dev.adagrad.session.store;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What an operator sees of the store, whichever store the settings choose; nothing at all without sessions.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
class StoreConfiguration {

	/// Not part of liveness, since a restart of the service does not repair a database.
	@Bean
	HealthIndicator storeHealthIndicator(ManagedStore store) {
		return () -> store.trouble()
			.map((trouble) -> Health.down().withDetail("reason", trouble).build())
			.orElseGet(() -> Health.up().build());
	}

	@Bean
	ExpiredSessionsEndpoint expiredSessionsEndpoint(ManagedStore store) {
		return new ExpiredSessionsEndpoint(store);
	}

}
