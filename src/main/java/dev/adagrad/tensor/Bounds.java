package dev.adagrad.tensor;

/// The smallest and the largest element of a tensor. With them a whole tensor is checked in O(1): that every element
/// of G is ≥ 0, or that no result of a step can overflow.
///
/// @param min the smallest element
/// @param max the largest element, ≥ `min`
public record Bounds(double min, double max) {

	/// The largest magnitude of any element.
	public double maxAbs() {
		return Math.max(Math.abs(this.min), Math.abs(this.max));
	}

	static Bounds of(double[] values) {
		double min = Double.POSITIVE_INFINITY;
		double max = Double.NEGATIVE_INFINITY;
		for (double value : values) {
			min = Math.min(min, value);
			max = Math.max(max, value);
		}
		return new Bounds(min, max);
	}

	static Bounds of(float[] values) {
		float min = Float.POSITIVE_INFINITY;
		float max = Float.NEGATIVE_INFINITY;
		for (float value : values) {
			min = Math.min(min, value);
			max = Math.max(max, value);
		}
		return new Bounds(min, max);
	}

	/// Whether every element is finite: `Math.min` and `Math.max` carry a NaN on.
	boolean isFinite() {
		return Double.isFinite(this.min) && Double.isFinite(this.max);
	}

}
