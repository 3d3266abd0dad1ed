package dev.adagrad.openapi;

import java.util.List;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/// What callers must show.
enum Credential {

	/// Nothing. The document names both schemes all the same, so that a client that is
	/// generated from it can also call a service that asks for one.
	NONE,
	/// A key.
	KEY,
	/// A token.
	TOKEN;

	/// What a service asks for.
	/// @param callers what finds out who calls; only a service that asks has it
	/// @param tokens what reads tokens; only a service that takes them has it
	static Credential of(ObjectProvider<AuthenticationManager> callers, ObjectProvider<JwtDecoder> tokens) {
		if (callers.stream().findAny().isEmpty()) {
			return NONE;
		}
		return tokens.stream().findAny().isPresent() ? TOKEN : KEY;
	}

	/// The names of the security schemes that the document has.
	List<String> schemes() {
		return switch (this) {
			case NONE -> List.of("key", "token");
			case KEY -> List.of("key");
			case TOKEN -> List.of("token");
		};
	}

}
