package dev.adagrad.kernel;

import java.util.Arrays;

import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// A gradient that is given for some entries along the first axis, each a row of as many elements, and stands for 0 at all
/// others; the entries of a vector are its elements. Where an index stands more than once, its rows are summed, element by
/// element, in the order in which they were given, each sum rounded to the dtype; as PyTorch does. So a step over the
/// distinct entries is the dense step at these, without weight decay or a clip by norm, which see the others.
///
/// Immutable; safe for use by any number of threads.
///
/// @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.Tensor.coalesce.html">torch.Tensor.coalesce</a>
public final class SparseGradient {

	/// Places in the order of their indices, and of the places where these are equal.
	private final int[] places;

	/// Where in [#places] each distinct index begins, and at last where all end.
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

	/// Sums what stands at one index, where each is that of an element.
	/// @see #of(Indices, Tensor, int)
	public static SparseGradient of(Indices indices, Tensor values) {
		return of(indices, values, 1);
	}

	/// Sums what stands at one index.
	/// @param indices of the entries, in any order
	/// @param values of the gradient, a row for each of these indices, one after the
	/// other
	/// @param rowLength how many elements an entry has, ≥ 1
	/// @throws IllegalArgumentException if there are not as many values as the indices
	/// ask for
	/// @throws NonFiniteResultException if a sum is not finite, by the element's flat
	/// index
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

	/// The places of indices in the order of these, and of the places where they are
	/// equal: index and place are sorted as one number. Where they do not fit into one,
	/// the ranks of the indices stand for them.
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
				ranks[place] = lowest(ascending, given[place]);
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

	/// The first place of a value in an array that has it.
	private static int lowest(long[] ascending, long value) {
		int low = 0;
		int high = ascending.length - 1;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (ascending[middle] < value) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	private Tensor sums(Tensor values) {
		Tensor sums = first(values);
		switch (sums) {
			case DoubleTensor doubles -> addOthers(((DoubleTensor) values).values(), doubles.values());
			case FloatTensor floats -> addOthers(((FloatTensor) values).values(), floats.values());
		}
		return sums;
	}

	/// Adds the rows behind the first of each index.
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

	/// The row that was given first for each index, in new memory.
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

	/// Other values that were given beside the gradient's, at the distinct indices.
	/// @param values as many as the gradient's
	/// @throws DisagreementException if two that were given for one element differ
	public Tensor atIndices(Tensor values) {
		for (int i = 0; i < this.indices.length; i++) {
			int first = this.places[this.begins[i]] * this.rowLength;
			for (int k = this.begins[i] + 1; k < this.begins[i + 1]; k++) {
				int place = this.places[k] * this.rowLength;
				for (int d = 0; d < this.rowLength; d++) {
					if (values.valueAt(place + d) != values.valueAt(first + d)) {
						throw new DisagreementException(this.indices[i] * this.rowLength + d, first + d, place + d);
					}
				}
			}
		}
		return first(values);
	}

	/// One element was given two values.
	public static final class DisagreementException extends RuntimeException {

		private final long index;

		private final int firstPlace;

		private final int place;

		private DisagreementException(long index, int firstPlace, int place) {
			super("places " + firstPlace + " and " + place + " differ about element " + index);
			this.index = index;
			this.firstPlace = firstPlace;
			this.place = place;
		}

		/// The element's flat index.
		public long index() {
			return this.index;
		}

		/// Where it was given first, in the order of the request.
		public int firstPlace() {
			return this.firstPlace;
		}

		/// Where it was given another value.
		public int place() {
			return this.place;
		}

	}

}
