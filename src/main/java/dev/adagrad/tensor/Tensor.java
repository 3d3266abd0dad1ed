package dev.adagrad.tensor;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// A tensor of one dtype: a shape and a flat array of finite elements, in row-major order.
///
/// Immutable by agreement: the arrays behind it are shared, not copied, and nobody writes to them after the tensor has
/// been made. So any number of threads may use a tensor.
public abstract sealed class Tensor implements Numbers permits DoubleTensor, FloatTensor {

	private final Shape shape;

	/// Computed on first use, unless the maker knew them.
	@Nullable Bounds bounds;

	/// @param length the number of elements
	/// @throws IllegalArgumentException if that is not the shape's size, or the bounds
	/// are not finite
	Tensor(Shape shape, int length, @Nullable Bounds bounds) {
		if (length != shape.size()) {
			throw new IllegalArgumentException("a shape of size " + shape.size() + " with " + length + " values");
		}
		if (bounds != null && !bounds.isFinite()) {
			throw new IllegalArgumentException("an element is not finite");
		}
		this.shape = shape;
		this.bounds = bounds;
	}

	/// The dtype of the elements.
	public abstract DType dtype();

	@Override
	public final Shape shape() {
		return this.shape;
	}

	@Override
	public final Bounds bounds() {
		Bounds known = this.bounds;
		if (known == null) {
			known = boundsOfElements();
			this.bounds = known;
		}
		return known;
	}

	abstract Bounds boundsOfElements();

	/// The same elements in another shape.
	/// @throws IllegalArgumentException if that shape has another size
	public abstract Tensor withShape(Shape other);

	/// Some consecutive elements as a tensor of its own.
	/// @param from the first
	/// @param other the shape of the new tensor, which gives the number of elements
	/// @throws IndexOutOfBoundsException if there are fewer elements
	public abstract Tensor slice(int from, Shape other);

	/// The elements of some tensors of one dtype, one after the other, as a flat tensor.
	/// A single tensor is not copied.
	/// @param tensors at least one
	/// @throws IllegalArgumentException if the dtypes differ
	/// @throws ArithmeticException if an array cannot hold all elements
	public static Tensor join(List<Tensor> tensors) {
		Tensor first = tensors.getFirst();
		if (tensors.size() == 1) {
			return first;
		}
		int size = 0;
		Bounds bounds = Bounds.EMPTY;
		for (Tensor tensor : tensors) {
			if (tensor.dtype() != first.dtype()) {
				throw new IllegalArgumentException("tensors of one dtype are joined alone");
			}
			size = Math.addExact(size, tensor.size());
			bounds = bounds.and(tensor.bounds());
		}
		return switch (first) {
			case DoubleTensor _ -> {
				DoubleBuffer joined = DoubleBuffer.allocate(size);
				tensors.forEach((tensor) -> joined.put(((DoubleTensor) tensor).values()));
				yield DoubleTensor.proved(Shape.vector(size), joined.array(), bounds);
			}
			case FloatTensor _ -> {
				FloatBuffer joined = FloatBuffer.allocate(size);
				tensors.forEach((tensor) -> joined.put(((FloatTensor) tensor).values()));
				yield FloatTensor.proved(Shape.vector(size), joined.array(), bounds);
			}
		};
	}

	@Override
	public final Tensor as(DType dtype) {
		if (dtype != dtype()) {
			throw new IllegalArgumentException("is " + dtype() + ", must be " + dtype);
		}
		return this;
	}

}
