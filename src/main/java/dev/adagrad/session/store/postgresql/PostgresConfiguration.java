package dev.adagrad.session.store.postgresql;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.StoreWait;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.MeasuredStore;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties;
import dev.adagrad.session.store.Tuning;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Sessions in a database that replicas share; found, as Spring documents, by `spring.datasource.*`.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "adagrad.store.kind", havingValue = "postgresql")
@Import(DataSourceAutoConfiguration.class)
class PostgresConfiguration {

	/// Also a `SessionStore`, closed by Spring.
	@Bean
	ManagedStore sessionStore(HikariDataSource pool, SessionsProperties sessions, StoreWait wait, MeterRegistry meters,
			Quotas quotas, StoreProperties store) {
		return MeasuredStore.of(
				new PostgresSessionStore(pool, sessions, Tuning.postgresql(), quotas, store.distribute()), wait,
				meters);
	}

}
