package dev.adagrad.session;

import dev.adagrad.caller.Tenant;

/// The name of a session: a letter or a digit, then up to 127 letters, digits, dots, underscores and hyphens, all ASCII.
///
/// An id lives in a tenant: two tenants may have one session each under the same name. The ids of a tenant are ordered by
/// their bytes, which is the order of the strings.
///
/// @param tenant whose session it is
/// @param value the name as it stands in the URL
public record OptimizerId(Tenant tenant, String value) {

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

	/// A name that no session of any tenant shares. In the default tenant it is the id
	/// itself, as it was before there were tenants.
	public String qualified() {
		return this.tenant.equals(Tenant.DEFAULT) ? this.value : this.tenant.name() + '/' + this.value;
	}

	/// The name as it stands in the URL. Callers see nothing of tenants.
	@Override
	public String toString() {
		return this.value;
	}

}
