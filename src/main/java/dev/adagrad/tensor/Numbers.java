package dev.adagrad.tensor;

/// A number or an array of numbers as a client sent it: either with a dtype of its own (a [Tensor], from safetensors)
/// or without one ([Decimals], from JSON). The step reads the latter in its own dtype.
///
/// Every element is finite.
public sealed interface Numbers permits Tensor, Decimals {

	/// The shape.
	Shape shape();

	/// The number of elements.
	default int size() {
		return shape().size();
	}

	/// The smallest and the largest element, rounded to F64. O(1) if the reader of the
	/// body has found them already, else O(size) once.
	Bounds bounds();

	/// The element at a flat index, widened to F64.
	double valueAt(int index);

	/// The same numbers as a tensor of `dtype`. Decimals are rounded once, from the
	/// decimal to the dtype; a tensor is returned only if it has that dtype already.
	/// @throws OutOfRangeException if an element is beyond the range of `dtype`
	/// @throws IllegalArgumentException if this has another dtype of its own
	Tensor as(DType dtype);

	/// About how many bytes of the heap [#as] takes for its result.
	default long bytesOfCopy(DType dtype) {
		return 0;
	}

}
