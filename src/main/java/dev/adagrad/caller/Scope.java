package dev.adagrad.caller;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a caller may do.
public enum Scope {

	/// See sessions and their state.
	READ,
	/// Take steps, create sessions, and delete those that it has created.
	STEP,
	/// All of the others, and: restore and delete any session, in any tenant.
	ADMIN,
	/// See the metrics of the service and the details of its health.
	METRICS;

	/// The scope of a name, such as `read`, if there is one.
	public static Optional<Scope> ofName(String name) {
		return Arrays.stream(values()).filter((each) -> each.toString().equals(name)).findFirst();
	}

	/// The name, such as `read`.
	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
