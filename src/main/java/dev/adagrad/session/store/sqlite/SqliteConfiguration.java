package dev.adagrad.session.store.sqlite;

import dev.adagrad.caller.Quotas;
import dev.adagrad.session.StoreWait;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.MeasuredStore;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties;
import dev.adagrad.session.store.Tuning;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Sessions in a folder of this process.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
@ConditionalOnProperty(name = "adagrad.store.kind", havingValue = "sqlite", matchIfMissing = true)
class SqliteConfiguration {

	/// Also a `SessionStore`, closed by Spring.
	@Bean
	ManagedStore sessionStore(StoreProperties store, SessionsProperties sessions, StoreWait wait, MeterRegistry meters,
			Quotas quotas) {
		DistributionSummary batches = DistributionSummary.builder("adagrad.store.batch")
			.description("how many calls one commit of the store served")
			.register(meters);
		Tuning tuning = Tuning.sqlite(batches::record);
		return MeasuredStore.of(new SqliteSessionStore(store, sessions, tuning, quotas), wait, meters);
	}

}
