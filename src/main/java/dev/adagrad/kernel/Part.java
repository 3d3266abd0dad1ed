package dev.adagrad.kernel;

/// A range of a step's elements, and what the step does with it: a whole tensor, or what the step touches of one.
///
/// A step works on three flat arrays, of θ, g and G, and knows no names: tensor after tensor, each a part. Where rows
/// share an element of G (row-wise AdaGrad), G has fewer elements than θ. Parts whose elements have each their own G come
/// first, at the same places of all three arrays: else there is no vector code for them.
///
/// Immutable; cannot exist out of range.
///
/// @param from its first element among those of θ and g, ≥ 0
/// @param size how many it has there, ≥ 0, a multiple of `rowLength`
/// @param accumulatorFrom its first element among those of G, ≥ 0; `from` where each element has its own
/// @param rowLength how many elements of θ, one after the other, share one of G, ≥ 1
/// @param hyperparameters in force for it
/// @param frozen whether its g is not used and neither θ nor G change
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

	/// A tensor alone, each element with its own G.
	public static Part alone(int size, Hyperparameters hyperparameters) {
		return new Part(0, size, 0, 1, hyperparameters, false);
	}

	/// The element of θ behind its last.
	public int to() {
		return this.from + this.size;
	}

	/// The element of G behind its last.
	public int accumulatorTo() {
		return this.accumulatorFrom + this.size / this.rowLength;
	}

}
