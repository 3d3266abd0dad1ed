package dev.adagrad.tensor;

import java.util.List;

/// The lengths of a tensor's dimensions, outermost first. Rank 0 is a bare number, of size 1.
///
/// Immutable. Every dimension is ≥ 0 and the product fits an `int`.
///
/// @param dimensions the lengths; empty for a bare number
public record Shape(List<Integer> dimensions) {

	private static final Shape SCALAR = new Shape(List.of());

	/// @throws IllegalArgumentException if a dimension is negative
	/// @throws ArithmeticException if the product of the dimensions is beyond `int`
	public Shape {
		dimensions = List.copyOf(dimensions);
		size(dimensions);
	}

	/// A bare number.
	public static Shape scalar() {
		return SCALAR;
	}

	/// A flat array of `length` elements.
	public static Shape vector(int length) {
		return new Shape(List.of(length));
	}

	/// The number of elements of a tensor of this shape: the product of the dimensions,
	/// 1 for rank 0.
	public int size() {
		return size(this.dimensions);
	}

	/// Whether this is the shape of a bare number.
	public boolean isScalar() {
		return this.dimensions.isEmpty();
	}

	private static int size(List<Integer> dimensions) {
		int size = 1;
		for (int dimension : dimensions) {
			if (dimension < 0) {
				throw new IllegalArgumentException("a dimension must be >= 0, was " + dimension);
			}
			size = Math.multiplyExact(size, dimension);
		}
		return size;
	}

}
