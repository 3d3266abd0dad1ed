package dev.adagrad.tensor;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// A tensor of F32: a shape and one `float[]` of that size.
///
/// Immutable by agreement, see [Tensor]. The bounds are computed on first use, unless the maker knew them.
public final class FloatTensor implements Tensor {

	private final Shape shape;

	private final float[] values;

	private @Nullable Bounds bounds;

	private FloatTensor(Shape shape, float[] values) {
		if (values.length != shape.size()) {
			throw new IllegalArgumentException(
					"a shape of size " + shape.size() + " with " + values.length + " values");
		}
		this.shape = shape;
		this.values = values;
	}

	/// Wraps an array without copying it, after a check of every element.
	/// @throws IllegalArgumentException if the array's length is not the shape's size, or
	/// an element is not finite
	public static FloatTensor of(Shape shape, float... values) {
		FloatTensor tensor = new FloatTensor(shape, values);
		if (values.length > 0 && !tensor.bounds().isFinite()) {
			throw new IllegalArgumentException("an element is not finite");
		}
		return tensor;
	}

	/// Wraps a flat array, as [#of(Shape, float...)].
	public static FloatTensor vector(float... values) {
		return of(Shape.vector(values.length), values);
	}

	/// Wraps an array without copying it. The caller has proved that every element is
	/// finite.
	/// @throws IllegalArgumentException if the array's length is not the shape's size
	public static FloatTensor proved(Shape shape, float[] values) {
		return new FloatTensor(shape, values);
	}

	/// Wraps an array without copying it. The caller knows the bounds, and thus that
	/// every element is finite.
	/// @throws IllegalArgumentException if the array's length is not the shape's size, or
	/// the bounds are not finite
	public static FloatTensor proved(Shape shape, float[] values, Bounds bounds) {
		if (!bounds.isFinite()) {
			throw new IllegalArgumentException("an element is not finite");
		}
		FloatTensor tensor = new FloatTensor(shape, values);
		tensor.bounds = bounds;
		return tensor;
	}

	@Override
	public DType dtype() {
		return DType.F32;
	}

	@Override
	public Shape shape() {
		return this.shape;
	}

	/// The elements: the array itself, to be read only.
	public float[] values() {
		return this.values;
	}

	@Override
	public FloatTensor withShape(Shape other) {
		if (other.equals(this.shape)) {
			return this;
		}
		FloatTensor reshaped = new FloatTensor(other, this.values);
		reshaped.bounds = this.bounds;
		return reshaped;
	}

	@Override
	public FloatTensor slice(int from, Shape other) {
		if (from < 0 || from + (long) other.size() > this.values.length) {
			throw new IndexOutOfBoundsException(
					other.size() + " elements from " + from + " on, of " + this.values.length);
		}
		return new FloatTensor(other, Arrays.copyOfRange(this.values, from, from + other.size()));
	}

	static FloatTensor join(List<Tensor> tensors, int size, Bounds bounds) {
		float[] values = new float[size];
		int at = 0;
		for (Tensor tensor : tensors) {
			if (!(tensor instanceof FloatTensor part)) {
				throw new IllegalArgumentException("tensors of one dtype are joined alone");
			}
			System.arraycopy(part.values, 0, values, at, part.values.length);
			at += part.values.length;
		}
		return proved(Shape.vector(size), values, bounds);
	}

	@Override
	public double valueAt(int index) {
		return this.values[index];
	}

	@Override
	public Bounds bounds() {
		Bounds known = this.bounds;
		if (known == null) {
			known = Bounds.of(this.values, 0, this.values.length);
			this.bounds = known;
		}
		return known;
	}

}
