package dev.adagrad.access;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;
import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;

/// Who calls with a token whose signature, times and issuer are good. Its subject is the caller's name, its client where
/// it has no subject. Safe for use by any number of threads.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9068">RFC 9068, JWT Profile for OAuth 2.0 Access Tokens</a>
record TokenCaller(AccessProperties.Jwt claims) implements Converter<Jwt, AbstractAuthenticationToken> {

	private static final int LONGEST_NAME = 128;

	/// @throws InvalidBearerTokenException if the token does not say what it must
	@Override
	public AbstractAuthenticationToken convert(Jwt token) {
		return new CallerAuthentication(new Caller(name(token), tenant(token), scopes(token)));
	}

	private static String name(Jwt token) {
		String name = Optional.ofNullable(token.getClaimAsString("sub"))
			.or(() -> Optional.ofNullable(token.getClaimAsString("client_id")))
			.filter((text) -> !text.isBlank())
			.orElseThrow(() -> new InvalidBearerTokenException("the token has no subject (sub)"));
		return name.substring(0, Math.min(name.length(), LONGEST_NAME));
	}

	private Tenant tenant(Jwt token) {
		@Nullable String claim = this.claims.tenantClaim();
		if (claim == null || claim.isBlank()) {
			return Tenant.DEFAULT;
		}
		return Optional.ofNullable(token.getClaim(claim))
			.map(Object::toString)
			.filter(Tenant::isValid)
			.map(Tenant::new)
			.orElseThrow(() -> new InvalidBearerTokenException(
					"the token must have a claim " + claim + " with a tenant, " + Tenant.GRAMMAR));
	}

	private Set<Scope> scopes(Jwt token) {
		Collection<?> names = switch (token.getClaims().get(this.claims.scopeClaim())) {
			case Collection<?> list -> list;
			case String text -> List.of(text.split(" ", -1));
			case null, default -> List.of();
		};
		String prefix = this.claims.scopePrefix();
		return names.stream()
			.map(Objects::toString)
			.filter((name) -> name.startsWith(prefix))
			.flatMap((name) -> Scope.ofName(name.substring(prefix.length())).stream())
			.collect(Collectors.toUnmodifiableSet());
	}

}
