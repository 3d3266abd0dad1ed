package dev.adagrad.session.store;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Sessions as a whole.
///
/// @param enabled `false`: stateless steps only, without a store
/// @param rememberedKeys minimum number of idempotency keys kept per session, ≥ 1. A lower number takes effect little by
/// little, as steps are taken
/// @param keepExpired how long an expired session, which nobody sees any more, can be brought back before it is removed
@ConfigurationProperties("adagrad.sessions")
public record SessionsProperties(@DefaultValue("true") boolean enabled, @DefaultValue("100000") int rememberedKeys,
		@DefaultValue("24h") Duration keepExpired) {

	/// @throws IllegalArgumentException if a value is out of its range
	public SessionsProperties {
		if (rememberedKeys < 1) {
			throw new IllegalArgumentException(
					"adagrad.sessions.remembered-keys must be at least 1, was " + rememberedKeys);
		}
		if (keepExpired.isNegative()) {
			throw new IllegalArgumentException("adagrad.sessions.keep-expired must be at least 0s, was " + keepExpired);
		}
	}

}
