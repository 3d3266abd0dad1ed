package dev.adagrad;

/// JSON that can be read in Java: `json("{'size': 3}")` is `{"size": 3}`.
public final class Json {

	private Json() {
	}

	/// Puts quotation marks in the place of apostrophes.
	/// @throws IllegalArgumentException if there is a quotation mark, which may be meant
	/// as one or the other
	public static String json(String singleQuoted) {
		if (singleQuoted.indexOf('"') >= 0) {
			throw new IllegalArgumentException(singleQuoted);
		}
		return singleQuoted.replace('\'', '"');
	}

}
