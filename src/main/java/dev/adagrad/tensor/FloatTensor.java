package dev.adagrad.tensor;

import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/// A tensor of F32: a shape and one `float[]` of that size.
///
/// Immutable by agreement, see [Tensor].
public final class FloatTensor extends Tensor {

	private final float[] values;

	private FloatTensor(Shape shape, float[] values, @Nullable Bounds bounds) {
		super(shape, values.length, bounds);
		this.values = values;
	}

	/// Wraps an array without copying it, after a check of every element.
	/// @throws IllegalArgumentException if the array's length is not the shape's size, or
	/// an element is not finite
	public static FloatTensor of(Shape shape, float... values) {
		return new FloatTensor(shape, values, (values.length > 0) ? Bounds.of(values, 0, values.length) : null);
	}

	/// Wraps a flat array, as [#of(Shape, float...)].
	public static FloatTensor vector(float... values) {
		return of(Shape.vector(values.length), values);
	}

	/// Wraps an array without copying it. The caller has proved that every element is
	/// finite.
	/// @throws IllegalArgumentException if the array's length is not the shape's size
	public static FloatTensor proved(Shape shape, float[] values) {
		return new FloatTensor(shape, values, null);
	}

	/// Wraps an array without copying it. The caller knows the bounds, and thus that
	/// every element is finite.
	/// @throws IllegalArgumentException if the array's length is not the shape's size, or
	/// the bounds are not finite
	public static FloatTensor proved(Shape shape, float[] values, Bounds bounds) {
		return new FloatTensor(shape, values, bounds);
	}

	@Override
	public DType dtype() {
		return DType.F32;
	}

	/// The elements: the array itself, to be read only.
	public float[] values() {
		return this.values;
	}

	@Override
	public FloatTensor withShape(Shape other) {
		return other.equals(shape()) ? this : new FloatTensor(other, this.values, this.bounds);
	}

	@Override
	public FloatTensor slice(int from, Shape other) {
		Objects.checkFromIndexSize(from, other.size(), this.values.length);
		return new FloatTensor(other, Arrays.copyOfRange(this.values, from, from + other.size()), null);
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
