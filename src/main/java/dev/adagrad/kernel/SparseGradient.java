package dev.adagrad.kernel;

import java.util.Arrays;

import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// A gradient for some entries along the first axis; it is 0 at all others. Each entry is a row of the same length; the
/// entries of a vector are its elements. If an index is given more than once, its rows are summed, element by element, in
/// the given order, and each sum is rounded to the dtype, as PyTorch does. So a step over the distinct entries equals the
/// dense step there, provided that it has no weight decay and no clip by norm, which also depend on the other entries.
///
/// Immutable; safe for use by any number of threads.
///
/// @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.Tensor.coalesce.html">torch.Tensor.coalesce</a>
public final class SparseGradient {

	/// Places in the order of their indices; equal indices in the order of their places.
	private final int[] places;

	/// Where each distinct index begins in [#places], and finally where the last one
	/// ends.
	private final int[] begins;

	private final long[] indices;

	private final int rowLength;

	private final Tensor grad;

	private SparseGradient(int[] places, int[] begins, long[] indices, int rowLength, Tensor values) {
		this.places = places;
		this.begins = begins;
		this.indices = indices;
		this.rowLength = rowLength;
		this.grad = sums(values);
	}

	/// Sums the rows at equal indices.
	/// @param indices the indices of the entries, in any order
	/// @param values the values of the gradient: one row per index, in the order of the
	/// indices
	/// @param rowLength the number of elements of an entry, ≥ 1
	/// @throws IllegalArgumentException if the number of values does not fit the indices
	/// @throws NonFiniteResultException if a sum is not finite; it names the element's
	/// flat index
	public static SparseGradient of(Indices indices, Tensor values, int rowLength) {
		long[] given = indices.values();
		if (values.size() != (long) given.length * rowLength) {
			throw new IllegalArgumentException(
					values.size() + " values for " + given.length + " indices of rows of " + rowLength);
		}
		int[] places = sorted(given);
		int[] begins = new int[given.length + 1];
		long[] distinct = new long[given.length];
		int count = 0;
		for (int k = 0; k < places.length; k++) {
			long index = given[places[k]];
			if (count == 0 || distinct[count - 1] != index) {
				begins[count] = k;
				distinct[count++] = index;
			}
		}
		begins[count] = given.length;
		int[] ends = Arrays.copyOf(begins, count + 1);
		return new SparseGradient(places, ends, Arrays.copyOf(distinct, count), rowLength, values);
	}

	/// The places of indices in the order of the indices; equal indices in the order of
	/// their places. Index and place are sorted as one number. If both do not fit into
	/// one number, the ranks of the indices take the place of the indices.
	private static int[] sorted(long[] given) {
		int bits = Long.SIZE - Long.numberOfLeadingZeros(given.length - 1L);
		long largest = 0;
		for (long index : given) {
			largest = Math.max(largest, index);
		}
		long[] ranks = given;
		if (largest > Long.MAX_VALUE >> bits) {
			long[] ascending = given.clone();
			Arrays.sort(ascending);
			ranks = new long[given.length];
			for (int place = 0; place < given.length; place++) {
				// of equal indices the search finds the same one each time
				ranks[place] = Arrays.binarySearch(ascending, given[place]);
			}
		}
		long[] packed = new long[given.length];
		for (int place = 0; place < given.length; place++) {
			packed[place] = ranks[place] << bits | place;
		}
		Arrays.sort(packed);
		int[] places = new int[given.length];
		for (int k = 0; k < places.length; k++) {
			places[k] = (int) (packed[k] & ((1L << bits) - 1));
		}
		return places;
	}

	private Tensor sums(Tensor values) {
		Tensor sums = first(values);
		switch (sums) {
			case DoubleTensor doubles -> addOthers(((DoubleTensor) values).values(), doubles.values());
			case FloatTensor floats -> addOthers(((FloatTensor) values).values(), floats.values());
		}
		return sums;
	}

	/// For each index, adds all rows after the first.
	private void addOthers(double[] values, double[] sums) {
		for (int i = 0; i < this.indices.length; i++) {
			for (int k = this.begins[i] + 1; k < this.begins[i + 1]; k++) {
				for (int d = 0; d < this.rowLength; d++) {
					sums[i * this.rowLength + d] += values[this.places[k] * this.rowLength + d];
				}
			}
			for (int d = 0; this.begins[i + 1] > this.begins[i] + 1 && d < this.rowLength; d++) {
				requireFinite(i, d, sums[i * this.rowLength + d]);
			}
		}
	}

	private void addOthers(float[] values, float[] sums) {
		for (int i = 0; i < this.indices.length; i++) {
			for (int k = this.begins[i] + 1; k < this.begins[i + 1]; k++) {
				for (int d = 0; d < this.rowLength; d++) {
					sums[i * this.rowLength + d] += values[this.places[k] * this.rowLength + d];
				}
			}
			for (int d = 0; this.begins[i + 1] > this.begins[i] + 1 && d < this.rowLength; d++) {
				requireFinite(i, d, sums[i * this.rowLength + d]);
			}
		}
	}

	private void requireFinite(int i, int d, double sum) {
		if (!Double.isFinite(sum)) {
			throw new NonFiniteResultException("grad", this.indices[i] * this.rowLength + d, sum);
		}
	}

	/// The first row given for each index, in new memory.
	private Tensor first(Tensor values) {
		Shape shape = Shape.vector(this.indices.length * this.rowLength);
		return switch (values) {
			case DoubleTensor doubles -> {
				double[] chosen = new double[shape.size()];
				for (int i = 0; i < this.indices.length; i++) {
					System.arraycopy(doubles.values(), this.places[this.begins[i]] * this.rowLength, chosen,
							i * this.rowLength, this.rowLength);
				}
				yield DoubleTensor.proved(shape, chosen);
			}
			case FloatTensor floats -> {
				float[] chosen = new float[shape.size()];
				for (int i = 0; i < this.indices.length; i++) {
					System.arraycopy(floats.values(), this.places[this.begins[i]] * this.rowLength, chosen,
							i * this.rowLength, this.rowLength);
				}
				yield FloatTensor.proved(shape, chosen);
			}
		};
	}

	/// The distinct indices, ascending: the array itself, to be read only.
	public long[] indices() {
		return this.indices;
	}

	/// The gradient at the distinct indices.
	public Tensor grad() {
		return this.grad;
	}

	/// The values of another array, given together with the gradient, at the distinct
	/// indices.
	/// @param values as many as the gradient has
	/// @param disagreement what to throw if two values given for one element differ
	public Tensor atIndices(Tensor values, Disagreement disagreement) {
		for (int i = 0; i < this.indices.length; i++) {
			int first = this.places[this.begins[i]] * this.rowLength;
			for (int k = this.begins[i] + 1; k < this.begins[i + 1]; k++) {
				int place = this.places[k] * this.rowLength;
				for (int d = 0; d < this.rowLength; d++) {
					if (values.valueAt(place + d) != values.valueAt(first + d)) {
						throw disagreement.of(this.indices[i] * this.rowLength + d, first + d, place + d);
					}
				}
			}
		}
		return first(values);
	}

	/// What to throw at a client that gave one element two values.
	@FunctionalInterface
	public interface Disagreement {

		/// Makes the exception.
		/// @param index the element's flat index
		/// @param firstPlace the place of its first value in the request
		/// @param place the place of the value that differs
		RuntimeException of(long index, int firstPlace, int place);

	}

}
