package dev.adagrad.tensor;

import java.util.List;

/// A tensor of one dtype: a shape and a flat array of finite elements, in row-major order.
///
/// Immutable by agreement: the arrays behind it are shared, not copied, and nobody writes to them after the tensor has
/// been made. So any number of threads may use a tensor.
public sealed interface Tensor extends Numbers permits DoubleTensor, FloatTensor {

	/// The dtype of the elements.
	DType dtype();

	/// The same elements in another shape.
	/// @throws IllegalArgumentException if that shape has another size
	Tensor withShape(Shape other);

	/// Some consecutive elements as a tensor of its own.
	/// @param from the first
	/// @param other the shape of the new tensor, which gives the number of elements
	/// @throws IndexOutOfBoundsException if there are fewer elements
	Tensor slice(int from, Shape other);

	/// The elements of some tensors of one dtype, one after the other, as a flat tensor.
	/// A single tensor is not copied.
	/// @param tensors at least one
	/// @throws IllegalArgumentException if the dtypes differ
	/// @throws ArithmeticException if an array cannot hold all elements
	static Tensor join(List<Tensor> tensors) {
		Tensor first = tensors.getFirst();
		if (tensors.size() == 1) {
			return first;
		}
		int size = 0;
		Bounds bounds = Bounds.EMPTY;
		for (Tensor tensor : tensors) {
			size = Math.addExact(size, tensor.size());
			bounds = bounds.and(tensor.bounds());
		}
		return switch (first) {
			case DoubleTensor doubles -> DoubleTensor.join(tensors, size, bounds);
			case FloatTensor floats -> FloatTensor.join(tensors, size, bounds);
		};
	}

	@Override
	default Tensor as(DType dtype) {
		if (dtype != dtype()) {
			throw new DTypeMismatchException(dtype(), dtype);
		}
		return this;
	}

}
