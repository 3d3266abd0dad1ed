package dev.adagrad.access;

import java.util.List;
import java.util.Locale;

import dev.adagrad.start.StartException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/// Whom the service serves.
enum AccessMode {

	/// Callers on the same machine. The default, if there are neither keys nor issuers of
	/// tokens.
	LOCAL,
	/// Callers with one of the keys that the operator has made.
	KEYS,
	/// Callers with a token (a JWT) of an issuer that the operator trusts.
	JWT,
	/// Everybody.
	OPEN;

	private static final String JWT_SETTINGS = "spring.security.oauth2.resourceserver.jwt.";

	private static final List<String> ISSUERS = List.of("issuer-uri", "jwk-set-uri", "public-key-location");

	/// The mode that the settings ask for.
	/// @throws StartException if they do not go together
	static AccessMode of(Environment environment) {
		boolean keys = hasText(environment, "adagrad.access.keys") || !Binder.get(environment)
			.bind("adagrad.access.key-records", Bindable.listOf(String.class))
			.orElse(List.of())
			.isEmpty();
		boolean tokens = ISSUERS.stream().anyMatch((name) -> hasText(environment, JWT_SETTINGS + name));
		String chosen = environment.getProperty("adagrad.access", "");
		if (chosen.isBlank()) {
			if (keys && tokens) {
				throw new StartException(
						"There are keys (adagrad.access.keys) and an issuer of tokens (" + JWT_SETTINGS + "*).",
						"Set adagrad.access=keys or adagrad.access=jwt.", null);
			}
			return keys ? KEYS : tokens ? JWT : LOCAL;
		}
		AccessMode mode = valueOf(chosen.toUpperCase(Locale.ROOT));
		if (mode == KEYS && !keys) {
			throw new StartException("adagrad.access=keys needs keys.",
					"Make one with: java -jar adagrad-service.jar keys create --name me --scope read,step --file keys;"
							+ " then set adagrad.access.keys=keys.",
					null);
		}
		if (mode == JWT && !tokens) {
			throw new StartException("adagrad.access=jwt needs to know whose tokens to trust.",
					"Set " + JWT_SETTINGS + "issuer-uri, jwk-set-uri or public-key-location.", null);
		}
		return mode;
	}

	private static boolean hasText(Environment environment, String name) {
		return !environment.getProperty(name, "").isBlank();
	}

	/// Whether a call must come with a key or a token.
	boolean asksForKey() {
		return this == KEYS || this == JWT;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
