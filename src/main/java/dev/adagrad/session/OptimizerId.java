package dev.adagrad.session;

import java.util.regex.Pattern;

/// The name of a session: a letter or a digit, then up to 127 letters, digits, dots, underscores and hyphens, all ASCII.
///
/// Ids are ordered by their bytes, which is the order of the strings.
///
/// @param value the name as it stands in the URL
public record OptimizerId(String value) implements Comparable<OptimizerId> {

	/// The rule, as a regular expression.
	public static final String GRAMMAR = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}";

	private static final Pattern PATTERN = Pattern.compile(GRAMMAR);

	/// @throws IllegalArgumentException if `value` breaks the rule
	public OptimizerId {
		if (!isValid(value)) {
			throw new IllegalArgumentException("an optimizer id must be " + GRAMMAR);
		}
	}

	static boolean isValid(String value) {
		return PATTERN.matcher(value).matches();
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
