package dev.adagrad.kernel;

/// A range of a step's elements, and what the step does with it. It is a whole tensor, or what the step touches of
/// one.
///
/// A step works on three flat arrays, of θ, g and G, and knows no names. The tensors follow one another, each as a part.
/// Where rows share an element of G (row-wise AdaGrad), G has fewer elements than θ. Parts where each element has its own
/// G come first, at the same places in all three arrays: otherwise the JIT makes no vector code for them.
///
/// Immutable; cannot exist out of range.
///
/// @param from the index of its first element in θ and g, ≥ 0
/// @param size the number of its elements there, ≥ 0, a multiple of `rowLength`
/// @param accumulatorFrom the index of its first element in G, ≥ 0; equal to `from` if each element has its own G
/// @param rowLength the number of consecutive elements of θ that share one of G, ≥ 1
/// @param hyperparameters the hyperparameters in force for it
/// @param frozen whether its g is not used and neither θ nor G changes
public record Part(int from, int size, int accumulatorFrom, int rowLength, Hyperparameters hyperparameters,
		boolean frozen) {

	/// @throws IllegalArgumentException if a number is out of its range
	public Part {
		if (from < 0 || size < 0 || accumulatorFrom < 0 || rowLength < 1 || size % rowLength != 0
				|| (rowLength == 1 && accumulatorFrom != from)) {
			throw new IllegalArgumentException("no part: from " + from + ", size " + size + ", accumulator from "
					+ accumulatorFrom + ", rows of " + rowLength);
		}
	}

	/// The index in θ one past its last element.
	public int to() {
		return this.from + this.size;
	}

	/// The index in G one past its last element.
	public int accumulatorTo() {
		return this.accumulatorFrom + this.size / this.rowLength;
	}

}
