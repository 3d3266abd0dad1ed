package dev.adagrad.session.store;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.StoreWait;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// The store that the settings ask for, with its metrics and its part of readiness; nothing at all without sessions.
///
/// Each class has the condition on sessions for itself, since scanning finds the inner ones without the outer.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
class StoreConfiguration {

	/// Not part of liveness: restarting the service mends no database.
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

	/// Sessions in a folder of this process.
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
	@ConditionalOnProperty(name = "adagrad.store.kind", havingValue = "sqlite", matchIfMissing = true)
	static class Embedded {

		/// Also a [SessionStore], closed by Spring.
		@Bean
		ManagedStore sessionStore(StoreProperties store, SessionsProperties sessions, StoreWait wait,
				MeterRegistry meters) {
			DistributionSummary batches = DistributionSummary.builder("adagrad.store.batch")
				.description("how many calls one commit of the store served")
				.register(meters);
			Tuning tuning = Tuning.standard().withBatchSizes(batches::record);
			return MeasuredStore.of(new SqliteSessionStore(store, sessions, tuning), wait, meters);
		}

	}

	/// Sessions in a database that replicas share; found, as Spring documents, by
	/// `spring.datasource.*`.
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
	@ConditionalOnProperty(name = "adagrad.store.kind", havingValue = "postgresql")
	@Import(DataSourceAutoConfiguration.class)
	static class Shared {

		/// Also a [SessionStore], closed by Spring.
		@Bean
		ManagedStore sessionStore(HikariDataSource pool, SessionsProperties sessions, StoreWait wait,
				MeterRegistry meters) {
			Tuning tuning = Tuning.standard().withChunkBytes(Tuning.POSTGRESQL_CHUNK_BYTES);
			return MeasuredStore.of(new PostgresSessionStore(pool, sessions, tuning), wait, meters);
		}

	}

}
