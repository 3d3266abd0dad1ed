package dev.adagrad.step;

/// What is said of a field that breaks a rule; one wording each, whatever language the client's headers ask for.
final class Rules {

	static final String REQUIRED = "is required";

	static final String NOT_NEGATIVE = "must be ≥ 0";

	static final String POSITIVE = "must be > 0";

	private Rules() {
	}

}
