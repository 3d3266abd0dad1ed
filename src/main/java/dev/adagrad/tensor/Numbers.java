package dev.adagrad.tensor;

/// A number or an array of numbers as a client sent it: either with a dtype of its own (a [Tensor], from safetensors)
/// or without one ([Decimals], from JSON), to be read in whatever dtype the step has.
///
/// Every element is finite.
public sealed interface Numbers permits Tensor, Decimals {

	/// The shape.
	Shape shape();

	/// How many elements there are.
	default int size() {
		return shape().size();
	}

	/// The smallest and the largest element, as far as F64 can tell. O(1) where the
	/// reader of the wire has found them already, else O(size) once.
	Bounds bounds();

	/// The element at a flat index, widened to F64.
	double valueAt(int index);

	/// The same numbers as a tensor of `dtype`. Decimals are rounded once, from the
	/// decimal to the dtype; a tensor is only returned if it is of that dtype already.
	/// @throws OutOfRangeException if an element is beyond the range of `dtype`
	/// @throws DTypeMismatchException if this has a dtype of its own and it is another
	Tensor as(DType dtype);

	/// How many bytes of the heap [#as] takes for its answer, about.
	default long bytesOfCopy(DType dtype) {
		return 0;
	}

}
