package dev.adagrad.session;

/// The name of a session: a letter or a digit, then up to 127 letters, digits, dots, underscores and hyphens, all ASCII.
///
/// Ids are ordered by their bytes, which is the order of the strings.
///
/// @param value the name as it stands in the URL
public record OptimizerId(String value) implements Comparable<OptimizerId> {

	/// The rule, as a regular expression.
	public static final String GRAMMAR = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

	private static final int MAX_LENGTH = 128;

	/// @throws IllegalArgumentException if `value` breaks the rule
	public OptimizerId {
		if (!isValid(value)) {
			throw new IllegalArgumentException("an optimizer id must be " + GRAMMAR);
		}
	}

	/// Whether a text follows the rule.
	public static boolean isValid(String value) {
		if (value.isEmpty() || value.length() > MAX_LENGTH || !isLetterOrDigit(value.charAt(0))) {
			return false;
		}
		for (int i = 1; i < value.length(); i++) {
			char c = value.charAt(i);
			if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
				return false;
			}
		}
		return true;
	}

	private static boolean isLetterOrDigit(char c) {
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
	}

	@Override
	public int compareTo(OptimizerId other) {
		return this.value.compareTo(other.value);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
