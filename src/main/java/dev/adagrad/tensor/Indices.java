package dev.adagrad.tensor;

/// Flat indices of elements as a client gave them: in any order, perhaps with repeats. Only code that knows the tensor
/// can say whether the elements exist.
///
/// An answer may have none; a request with none is refused. Immutable by agreement: the array is shared, not copied, and
/// nobody writes to it after it has been wrapped. So it is safe for use by any number of threads.
public final class Indices {

	private final long[] values;

	private Indices(long[] values) {
		this.values = values;
	}

	/// Wraps an array without copying it.
	/// @param values each ≥ 0
	/// @throws IllegalArgumentException if one is negative
	public static Indices of(long... values) {
		for (long value : values) {
			if (value < 0) {
				throw new IllegalArgumentException("an index must be >= 0, was " + value);
			}
		}
		return new Indices(values);
	}

	/// The indices: the array itself, to be read only.
	public long[] values() {
		return this.values;
	}

	/// The number of indices.
	public int size() {
		return this.values.length;
	}

}
