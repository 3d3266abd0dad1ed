package dev.adagrad.session;

import java.util.Arrays;

/// Some elements of a vector: ranges of addresses, ascending, without overlap.
///
/// Immutable; safe for use by any number of threads.
public final class Ranges {

	private final long[] begins;

	private final int[] lengths;

	private final int size;

	private Ranges(long[] begins, int[] lengths) {
		this.begins = begins;
		this.lengths = lengths;
		int total = 0;
		for (int length : lengths) {
			total = Math.addExact(total, length);
		}
		this.size = total;
	}

	/// A builder of ranges in ascending order.
	/// @param expected about how many ranges
	public static Builder builder(int expected) {
		return new Builder(Math.max(1, expected));
	}

	/// The number of ranges.
	public int count() {
		return this.begins.length;
	}

	/// The first address of a range.
	public long begin(int range) {
		return this.begins[range];
	}

	/// The number of elements of a range, ≥ 1.
	public int length(int range) {
		return this.lengths[range];
	}

	/// The number of elements of all ranges together.
	public int size() {
		return this.size;
	}

	/// Collects ranges. A range that begins where the last one ends is joined to it.
	public static final class Builder {

		private long[] begins;

		private int[] lengths;

		private int count;

		private Builder(int expected) {
			this.begins = new long[expected];
			this.lengths = new int[expected];
		}

		/// Adds a range.
		/// @throws IllegalArgumentException if the range is empty, or begins before the
		/// last one ends
		public Builder add(long begin, int length) {
			long end = (this.count == 0) ? 0 : this.begins[this.count - 1] + this.lengths[this.count - 1];
			if (length < 1 || begin < end) {
				throw new IllegalArgumentException(length + " elements from " + begin + " on, behind " + end);
			}
			if (this.count > 0 && begin == end && this.lengths[this.count - 1] <= Integer.MAX_VALUE - length) {
				this.lengths[this.count - 1] += length;
				return this;
			}
			if (this.count == this.begins.length) {
				int longer = this.count + (this.count >> 1) + 1;
				this.begins = Arrays.copyOf(this.begins, longer);
				this.lengths = Arrays.copyOf(this.lengths, longer);
			}
			this.begins[this.count] = begin;
			this.lengths[this.count++] = length;
			return this;
		}

		/// Adds a range for each entry of a table.
		/// @param origin where the table begins
		/// @param entries distinct and ascending
		/// @param length how many elements an entry has
		public Builder addEach(long origin, long[] entries, int length) {
			for (long entry : entries) {
				add(origin + entry * length, length);
			}
			return this;
		}

		/// All ranges that were added.
		/// @throws ArithmeticException if they have more elements together than an `int`
		/// counts
		public Ranges build() {
			return new Ranges((this.count == this.begins.length) ? this.begins : Arrays.copyOf(this.begins, this.count),
					(this.count == this.lengths.length) ? this.lengths : Arrays.copyOf(this.lengths, this.count));
		}

	}

}
