package dev.adagrad.access;

import java.time.InstantSource;

import dev.adagrad.caller.Quotas;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationProvider;

/// Whom the service serves, said in a line at the start.
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(AccessConfiguration.class);

	@Bean
	Visitors visitors(Environment environment, AccessProperties properties) {
		Visitors visitors = Visitors.of(AccessMode.of(environment), properties);
		switch (visitors.mode()) {
			case LOCAL ->
				logger.info("access is local: only this machine is served; for others set adagrad.access.keys");
			case OPEN ->
				logger.warn("access is open: whoever reaches the port may read, step and delete every session");
			case KEYS, JWT -> {
				// said where it is known whose keys they are
			}
		}
		return visitors;
	}

	/// Callers have keys.
	@Configuration(proxyBeanMethods = false)
	@OnAccess(AccessMode.KEYS)
	static class WithKeys {

		@Bean
		AuthenticationManager callers(AccessProperties properties) {
			Keys keys = new Keys(properties.keysFile(), properties.keyRecords(), InstantSource.system(),
					System::nanoTime);
			logger.info("access is by keys: there are {}", keys.count());
			return keys;
		}

	}

	/// Callers have tokens.
	@Configuration(proxyBeanMethods = false)
	@OnAccess(AccessMode.JWT)
	@Import(OAuth2ResourceServerAutoConfiguration.class)
	static class WithTokens {

		@Bean
		AuthenticationManager callers(JwtDecoder decoder, AccessProperties properties) {
			JwtAuthenticationProvider provider = new JwtAuthenticationProvider(decoder);
			provider.setJwtAuthenticationConverter(new TokenCaller(properties.jwt()));
			logger.info("access is by tokens: scopes stand in the claim {}, {}", properties.jwt().scopeClaim(),
					(properties.jwt().tenantClaim() != null) ? "the tenant in " + properties.jwt().tenantClaim()
							: "and all are of one tenant");
			return new ProviderManager(provider);
		}

	}

	/// Spring would bind a bean of the class of the settings once more, and fail.
	@Bean
	Quotas quotas(QuotaProperties properties) {
		return properties::of;
	}

}
