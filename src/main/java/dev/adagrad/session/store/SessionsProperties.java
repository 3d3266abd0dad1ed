package dev.adagrad.session.store;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Sessions as a whole.
///
/// @param enabled whether there are sessions; without them the service keeps nothing and opens no store
/// @param rememberedKeys how many idempotency keys of a session are remembered at least, ≥ 1; a lowered number is
/// reached little by little, as steps are taken
@ConfigurationProperties("adagrad.sessions")
record SessionsProperties(@DefaultValue("true") boolean enabled, @DefaultValue("100000") int rememberedKeys) {

	/// @throws IllegalArgumentException if a value is out of its range
	SessionsProperties {
		if (rememberedKeys < 1) {
			throw new IllegalArgumentException(
					"adagrad.sessions.remembered-keys must be at least 1, was " + rememberedKeys);
		}
	}

}
