package dev.adagrad.session.http;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionStore;
import dev.adagrad.wire.Limits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Sessions, unless the operator wants none.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "adagrad.sessions.enabled", matchIfMissing = true)
class SessionBeans {

	@Bean
	SessionService sessionService(SessionStore store, Limits limits) {
		return new SessionService(store, limits);
	}

	@Bean
	Gauge sessionCount(SessionStore store, MeterRegistry meters) {
		return Gauge.builder("adagrad.sessions", () -> count(store))
			.description("Sessions that exist; NaN where the store does not answer")
			.register(meters);
	}

	private static Number count(SessionStore store) {
		try {
			return store.count();
		}
		catch (Refusal ex) {
			return Double.NaN;
		}
	}

}
