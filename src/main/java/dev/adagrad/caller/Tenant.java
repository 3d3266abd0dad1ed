package dev.adagrad.caller;

import java.util.regex.Pattern;

/// One of several groups of callers that share a service and see nothing of each other. Optimizer ids live in a tenant.
///
/// @param name a letter or a digit, then up to 63 letters, digits, dots, underscores and hyphens, all ASCII
public record Tenant(String name) {

	/// The rule for names, as a regular expression.
	public static final String GRAMMAR = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

	private static final Pattern NAME = Pattern.compile(GRAMMAR);

	/// The tenant of callers that have no other one, and of all sessions from before
	/// there were tenants.
	public static final Tenant DEFAULT = new Tenant("default");

	/// @throws IllegalArgumentException if the name breaks the rule
	public Tenant {
		if (!isValid(name)) {
			throw new IllegalArgumentException("the name of a tenant must be " + GRAMMAR);
		}
	}

	/// Whether a text follows the rule for names.
	public static boolean isValid(String name) {
		return NAME.matcher(name).matches();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
