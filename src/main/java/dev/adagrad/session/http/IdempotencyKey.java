package dev.adagrad.session.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Sha256;

/// The name a client gives to one step, so that the step is not taken twice however often it is asked for: 1 to 255
/// characters of visible ASCII and spaces.
///
/// In the header it stands bare, or quoted as a string of structured fields; `abc` and `"abc"` are one key.
///
/// @param value without quotes
/// @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key HTTP
/// Header Field</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9651#section-3.3.3">RFC 9651, 3.3.3: Strings</a>
record IdempotencyKey(String value) {

	static final String HEADER = "Idempotency-Key";

	private static final int MAX_LENGTH = 255;

	/// In quotes, and every character behind a backslash. The patterns take a piece of
	/// the stack for each character.
	private static final int LONGEST_LINE = 2 + 2 * MAX_LENGTH;

	private static final Pattern BARE = Pattern
		.compile("[\\x21\\x23-\\x7E](?:[\\x20\\x21\\x23-\\x7E]*[\\x21\\x23-\\x7E])?");

	private static final Pattern QUOTED = Pattern.compile("\"((?:[\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]|\\\\[\\\\\"])*)\"");

	/// Reads the header.
	/// @param lines its lines; none where it is absent
	/// @throws Refusal if it stands twice or breaks the rule
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

	/// What is kept of the key.
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
