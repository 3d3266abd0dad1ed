package dev.adagrad.access;

import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/// Finds out who calls with a key. Safe for use by any number of threads.
record KeyAuthenticator(Keys keys) implements AuthenticationManager {

	/// @throws BadCredentialsException if the key is not good
	@Override
	public Authentication authenticate(Authentication presented) {
		String key = (presented instanceof BearerTokenAuthenticationToken bearer) ? bearer.getToken() : "";
		return this.keys.find(key)
			.orElseThrow(() -> new BadCredentialsException(Key.isWellFormed(key)
					? "the key is unknown, was revoked, or has expired"
					: "this is no key of this service: a key begins with adagrad_ and has 57 characters; was it cut off?"));
	}

}
