package dev.adagrad.access;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.caller.Tenant;

/// What the service knows of a key. As a line:
///
/// `<SHA-256 of the key, 64 hex digits> name=ci tenant=default scopes=read+step expires=2027-01-31T00:00:00Z`
///
/// `tenant` may be left out (`default`), and so may `expires` (never).
///
/// @param hash the SHA-256 of the key, in hexadecimal
/// @param caller who calls with it
/// @param expires when it is no longer good; empty for never
record KeyRecord(String hash, Caller caller, Optional<Instant> expires) {

	/// The rule for names of keys, as a regular expression.
	static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,63}";

	private static final Pattern NAMES = Pattern.compile(NAME);

	private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

	static KeyRecord of(String key, Caller caller, Optional<Instant> expires) {
		return new KeyRecord(HexFormat.of().formatHex(Key.hash(key)), caller, expires);
	}

	/// @throws IllegalArgumentException if the line is no record; the message says why
	/// and repeats nothing of it that could be a key
	static KeyRecord parse(String line) {
		String[] fields = line.strip().split("\\s+", -1);
		if (!HASH.matcher(fields[0]).matches()) {
			throw new IllegalArgumentException(
					"must begin with the SHA-256 of a key, 64 hexadecimal digits in lower case; keys create makes it");
		}
		String name = "";
		Tenant tenant = Tenant.DEFAULT;
		Set<Scope> scopes = Set.of();
		Optional<Instant> expires = Optional.empty();
		for (int i = 1; i < fields.length; i++) {
			String value = fields[i].substring(fields[i].indexOf('=') + 1);
			switch (fields[i].substring(0, fields[i].length() - value.length())) {
				case "name=" -> name = name(value);
				case "tenant=" -> tenant = tenant(value);
				case "scopes=" -> scopes = scopes(value, "\\+");
				case "expires=" -> expires = Optional.of(instant(value));
				default -> throw new IllegalArgumentException(
						"has a field " + (i + 1) + " that is none of name=, tenant=, scopes= and expires=");
			}
		}
		if (name.isEmpty() || scopes.isEmpty()) {
			throw new IllegalArgumentException("must have name= and scopes=");
		}
		return new KeyRecord(fields[0], new Caller(name, tenant, scopes), expires);
	}

	static String name(String text) {
		if (!NAMES.matcher(text).matches()) {
			throw new IllegalArgumentException("must have a name that is " + NAME);
		}
		return text;
	}

	static Tenant tenant(String text) {
		if (!Tenant.isValid(text)) {
			throw new IllegalArgumentException("must have a tenant that is " + Tenant.GRAMMAR);
		}
		return new Tenant(text);
	}

	/// @param separator a regular expression
	static Set<Scope> scopes(String text, String separator) {
		Set<Scope> scopes = EnumSet.noneOf(Scope.class);
		for (String scope : text.split(separator, -1)) {
			scopes.add(Scope.ofName(scope)
				.orElseThrow(() -> new IllegalArgumentException("must have scopes of read, step, admin and metrics")));
		}
		return Collections.unmodifiableSet(scopes);
	}

	static Instant instant(String text) {
		try {
			return Instant.parse(text);
		}
		catch (DateTimeParseException ex) {
			throw new IllegalArgumentException("must expire at a time such as 2027-01-31T00:00:00Z", ex);
		}
	}

	boolean isExpired(Instant now) {
		return this.expires.filter((time) -> !now.isBefore(time)).isPresent();
	}

	/// The line.
	@Override
	public String toString() {
		return this.hash + " name=" + this.caller.name() + " tenant=" + this.caller.tenant() + " scopes="
				+ this.caller.scopes().stream().sorted().map(Scope::toString).collect(Collectors.joining("+"))
				+ this.expires.map((time) -> " expires=" + time).orElse("");
	}

}
