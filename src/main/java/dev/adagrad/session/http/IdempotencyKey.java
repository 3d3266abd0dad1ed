package dev.adagrad.session.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Sha256;

/// The name that a client gives to one step, so that repeated requests do not take it twice: 1 to 255 characters of
/// visible ASCII and spaces.
///
/// In the header it is bare, or quoted as a string of structured fields. `abc` and `"abc"` are one key.
///
/// @param value without quotes
/// @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key HTTP
/// Header Field</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9651#section-3.3.3">RFC 9651, 3.3.3: Strings</a>
record IdempotencyKey(String value) {

	static final String HEADER = "Idempotency-Key";

	private static final int MAX_LENGTH = 255;

	/// The quotes, and a backslash before every character. Longer lines are refused
	/// first, since the patterns take a piece of the stack for each character.
	private static final int LONGEST_LINE = 2 + 2 * MAX_LENGTH;

	private static final Pattern BARE = Pattern
		.compile("[\\x21\\x23-\\x7E](?:[\\x20\\x21\\x23-\\x7E]*[\\x21\\x23-\\x7E])?");

	private static final Pattern QUOTED = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\\\\\"])*)\"");

	/// Reads the header.
	/// @param lines its lines; empty if it is absent
	/// @throws Refusal if it occurs twice or breaks the rule
	static Optional<IdempotencyKey> parse(List<String> lines) {
		if (lines.isEmpty()) {
			return Optional.empty();
		}
		if (lines.size() > 1) {
			throw Refusal.of(Code.MALFORMED_HEADER, HEADER + " must stand only once");
		}
		String line = lines.getFirst().strip();
		if (line.length() > LONGEST_LINE) {
			throw malformed();
		}
		boolean quoted = QUOTED.matcher(line).matches();
		if (!quoted && !BARE.matcher(line).matches()) {
			throw malformed();
		}
		String value = quoted ? line.substring(1, line.length() - 1).replaceAll("\\\\(.)", "$1") : line;
		if (value.isEmpty() || value.length() > MAX_LENGTH) {
			throw malformed();
		}
		return Optional.of(new IdempotencyKey(value));
	}

	/// The digest that is stored for the key.
	Sha256 digest() {
		MessageDigest digest = Sha256.algorithm();
		digest.update(this.value.getBytes(StandardCharsets.US_ASCII));
		return Sha256.of(digest);
	}

	private static Refusal malformed() {
		return Refusal.of(Code.MALFORMED_HEADER, HEADER + " must have 1 to " + MAX_LENGTH
				+ " characters, visible ASCII or spaces, bare or in double quotes");
	}

}
