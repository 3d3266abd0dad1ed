package dev.adagrad.tensor;

/// Flat indices of elements, as they were given: in any order, and one may stand more than once. Whether there are such
/// elements is for whoever knows the tensor to say.
///
/// There is at least one. Immutable by agreement: the array is shared, not copied, and nobody writes to it after it has
/// been wrapped; so safe for use by any number of threads.
public final class Indices {

	private final long[] values;

	private Indices(long[] values) {
		this.values = values;
	}

	/// Wraps an array, not copied.
	/// @param values at least one, each ≥ 0
	/// @throws IllegalArgumentException if there is none, or one is negative
	public static Indices of(long... values) {
		if (values.length == 0) {
			throw new IllegalArgumentException("there must be an index");
		}
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

	/// How many there are, ≥ 1.
	public int size() {
		return this.values.length;
	}

}
