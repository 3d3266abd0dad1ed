package dev.adagrad.request;

/// What is said of a field that breaks a rule; one wording each, whatever language the client's headers ask for.
public final class Rules {

	/// A field may be missing.
	public static final String NOTHING = "";

	public static final String REQUIRED = "is required";

	/// For the accumulator of a stateless step.
	public static final String G_REQUIRED = REQUIRED + ": send zeros before the first step";

	public static final String NOT_NEGATIVE = "must be ≥ 0";

	public static final String POSITIVE = "must be > 0";

	private Rules() {
	}

}
