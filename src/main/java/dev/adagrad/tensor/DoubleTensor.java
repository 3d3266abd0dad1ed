package dev.adagrad.tensor;

import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/// A tensor of F64: a shape and one `double[]` of that size.
///
/// Immutable by agreement, see [Tensor].
public final class DoubleTensor extends Tensor {

	private final double[] values;

	private DoubleTensor(Shape shape, double[] values, @Nullable Bounds bounds) {
		super(shape, values.length, bounds);
		this.values = values;
	}

	/// Wraps an array without copying it, after a check of every element.
	/// @throws IllegalArgumentException if the array's length is not the shape's size, or
	/// an element is not finite
	public static DoubleTensor of(Shape shape, double... values) {
		return new DoubleTensor(shape, values, (values.length > 0) ? Bounds.of(values, 0, values.length) : null);
	}

	/// Wraps a flat array, as [#of(Shape, double...)].
	public static DoubleTensor vector(double... values) {
		return of(Shape.vector(values.length), values);
	}

	/// Wraps an array without copying it. The caller has proved that every element is
	/// finite.
	/// @throws IllegalArgumentException if the array's length is not the shape's size
	public static DoubleTensor proved(Shape shape, double[] values) {
		return new DoubleTensor(shape, values, null);
	}

	/// Wraps an array without copying it. The caller knows the bounds, and thus that
	/// every element is finite.
	/// @throws IllegalArgumentException if the array's length is not the shape's size, or
	/// the bounds are not finite
	public static DoubleTensor proved(Shape shape, double[] values, Bounds bounds) {
		return new DoubleTensor(shape, values, bounds);
	}

	@Override
	public DType dtype() {
		return DType.F64;
	}

	/// The elements: the array itself, to be read only.
	public double[] values() {
		return this.values;
	}

	@Override
	public DoubleTensor withShape(Shape other) {
		return other.equals(shape()) ? this : new DoubleTensor(other, this.values, this.bounds);
	}

	@Override
	public DoubleTensor slice(int from, Shape other) {
		Objects.checkFromIndexSize(from, other.size(), this.values.length);
		return new DoubleTensor(other, Arrays.copyOfRange(this.values, from, from + other.size()), null);
	}

	@Override
	public double valueAt(int index) {
		return this.values[index];
	}

	@Override
	Bounds boundsOfElements() {
		return Bounds.of(this.values, 0, this.values.length);
	}

}
