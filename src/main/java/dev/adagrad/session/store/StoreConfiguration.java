package dev.adagrad.session.store;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The store that the operator has chosen.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
class StoreConfiguration {

	@Bean(destroyMethod = "close")
	SqliteSessionStore sessionStore(StoreProperties store, SessionsProperties sessions) {
		return new SqliteSessionStore(store, sessions, Tuning.standard());
	}

}
