package dev.adagrad.tensor;

/// A tensor has another dtype than the one asked for.
public final class DTypeMismatchException extends RuntimeException {

	private final DType actual;

	private final DType expected;

	DTypeMismatchException(DType actual, DType expected) {
		super("is " + actual + ", must be " + expected);
		this.actual = actual;
		this.expected = expected;
	}

	/// The dtype of the tensor.
	public DType actual() {
		return this.actual;
	}

	/// The dtype asked for.
	public DType expected() {
		return this.expected;
	}

}
