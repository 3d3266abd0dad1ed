package dev.adagrad.request;

/// What is said of a field that breaks a rule; one wording each, whatever language the client's headers ask for.
public final class Rules {

	public static final String REQUIRED = "is required";

	public static final String NOT_NEGATIVE = "must be ≥ 0";

	public static final String POSITIVE = "must be > 0";

	private Rules() {
	}

}
