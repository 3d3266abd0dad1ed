package dev.adagrad.session.http;

import java.util.Arrays;
import java.util.List;

/// What a client prefers. A preference that is unknown or malformed is ignored.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7240">RFC 7240, Prefer Header for HTTP</a>
final class Preferences {

	private Preferences() {
	}

	/// Whether the first preference named `return` is `minimal`.
	/// @param lines the header's lines; empty if it is absent
	static boolean wantMinimal(List<String> lines) {
		return lines.stream()
			.flatMap((line) -> Arrays.stream(line.split(",")))
			.map((preference) -> preference.split(";", 2)[0].replaceAll("[\\s\"]", ""))
			.filter((preference) -> preference.regionMatches(true, 0, "return=", 0, "return=".length()))
			.findFirst()
			.filter((preference) -> preference.substring("return=".length()).equals("minimal"))
			.isPresent();
	}

}
