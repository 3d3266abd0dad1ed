package dev.adagrad.tensor;

/// A tensor of one dtype: a shape and a flat array of finite elements, in row-major order.
///
/// Immutable by agreement: the arrays behind it are shared, not copied, and nobody writes to one after the tensor has
/// been made. So a tensor may be used by any number of threads.
public sealed interface Tensor extends Numbers permits DoubleTensor, FloatTensor {

	/// The dtype of the elements.
	DType dtype();

	/// The same elements in another shape.
	/// @throws IllegalArgumentException if it has another size
	Tensor withShape(Shape other);

	@Override
	default Tensor as(DType dtype) {
		if (dtype != dtype()) {
			throw new DTypeMismatchException(dtype(), dtype);
		}
		return this;
	}

}
