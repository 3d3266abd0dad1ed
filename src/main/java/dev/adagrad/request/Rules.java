package dev.adagrad.request;

/// The messages about fields that break a rule. Each has one wording, whatever language the client's headers ask for.
public final class Rules {

	/// No message: the field may be missing.
	public static final String NOTHING = "";

	public static final String REQUIRED = "is required";

	/// The message about a missing accumulator in a stateless step.
	public static final String G_REQUIRED = REQUIRED + ": send zeros before the first step";

	public static final String NOT_NEGATIVE = "must be ≥ 0";

	public static final String POSITIVE = "must be > 0";

	private Rules() {
	}

}
