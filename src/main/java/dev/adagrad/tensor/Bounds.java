package dev.adagrad.tensor;

/// The smallest and the largest element of a tensor. They allow checks of a whole tensor in O(1): that every element
/// of G is ≥ 0, or that no result of a step can overflow.
///
/// @param min the smallest element
/// @param max the largest element, ≥ `min`
public record Bounds(double min, double max) {

	/// The bounds of no elements: the start value for joining others.
	public static final Bounds EMPTY = new Bounds(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

	/// The largest magnitude of any element.
	public double maxAbs() {
		return Math.max(Math.abs(this.min), Math.abs(this.max));
	}

	/// The bounds of some elements of an array.
	/// @param from the first
	/// @param to one past the last
	public static Bounds of(double[] values, int from, int to) {
		double min = Double.POSITIVE_INFINITY;
		double max = Double.NEGATIVE_INFINITY;
		for (int i = from; i < to; i++) {
			min = Math.min(min, values[i]);
			max = Math.max(max, values[i]);
		}
		return new Bounds(min, max);
	}

	/// The bounds of some elements of an array.
	/// @param from the first
	/// @param to one past the last
	public static Bounds of(float[] values, int from, int to) {
		float min = Float.POSITIVE_INFINITY;
		float max = Float.NEGATIVE_INFINITY;
		for (int i = from; i < to; i++) {
			min = Math.min(min, values[i]);
			max = Math.max(max, values[i]);
		}
		return new Bounds(min, max);
	}

	/// The bounds of these elements and others together.
	public Bounds and(Bounds others) {
		return new Bounds(Math.min(this.min, others.min), Math.max(this.max, others.max));
	}

	/// Whether every element is finite: `Math.min` and `Math.max` pass a NaN on. Has no
	/// meaning for [#EMPTY].
	public boolean isFinite() {
		return Double.isFinite(this.min) && Double.isFinite(this.max);
	}

}
