package dev.adagrad.tensor;

/// An element is finite as a decimal, but not in the dtype that it is read in.
public final class OutOfRangeException extends RuntimeException {

	private final int index;

	private final double value;

	OutOfRangeException(int index, double value, DType dtype) {
		super("element " + index + " is " + value + ", beyond the range of " + dtype);
		this.index = index;
		this.value = value;
	}

	/// The flat index of the first such element.
	public int index() {
		return this.index;
	}

	/// The element, rounded to F64.
	public double value() {
		return this.value;
	}

}
