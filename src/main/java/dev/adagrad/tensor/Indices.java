package dev.adagrad.tensor;

/// Flat indices of elements, as they were given: in any order, and one may stand more than once. Whether there are such
/// elements is for whoever knows the tensor to say.
///
/// There may be none, in an answer; a request is refused then. Immutable by agreement: the array is shared, not copied, and nobody writes to it after it has
/// been wrapped; so safe for use by any number of threads.
public final class Indices {

	private final long[] values;

	private Indices(long[] values) {
		this.values = values;
	}

	/// Wraps an array, not copied.
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

	/// How many there are.
	public int size() {
		return this.values.length;
	}

}
