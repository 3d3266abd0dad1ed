package dev.adagrad.kernel;

import java.util.Arrays;

import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// A gradient that is given for some elements and stands for 0 at all others. Where an index stands more than once, its
/// values are summed, in the order in which they were given, each sum rounded to the dtype; as PyTorch does. So a step
/// over the distinct elements is the dense step at these, without weight decay or a clip by norm, which see the others.
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

	private final Tensor grad;

	private SparseGradient(int[] places, int[] begins, long[] indices, Tensor grad) {
		this.places = places;
		this.begins = begins;
		this.indices = indices;
		this.grad = grad;
	}

	/// Sums what stands at one index.
	/// @param indices of the elements, in any order
	/// @param values of the gradient at these indices, as many
	/// @throws IllegalArgumentException if there are not as many values as indices
	/// @throws NonFiniteResultException if a sum is not finite
	public static SparseGradient of(Indices indices, Tensor values) {
		long[] given = indices.values();
		if (values.size() != given.length) {
			throw new IllegalArgumentException(values.size() + " values for " + given.length + " indices");
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
		long[] ascending = Arrays.copyOf(distinct, count);
		return new SparseGradient(places, ends, ascending, sums(places, ends, ascending, values));
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

	private static Tensor sums(int[] places, int[] begins, long[] indices, Tensor values) {
		Shape shape = Shape.vector(indices.length);
		return switch (values) {
			case DoubleTensor doubles -> {
				double[] sums = new double[indices.length];
				for (int i = 0; i < sums.length; i++) {
					double sum = doubles.values()[places[begins[i]]];
					for (int k = begins[i] + 1; k < begins[i + 1]; k++) {
						sum += doubles.values()[places[k]];
					}
					sums[i] = requireFinite(indices[i], sum);
				}
				yield DoubleTensor.proved(shape, sums);
			}
			case FloatTensor floats -> {
				float[] sums = new float[indices.length];
				for (int i = 0; i < sums.length; i++) {
					float sum = floats.values()[places[begins[i]]];
					for (int k = begins[i] + 1; k < begins[i + 1]; k++) {
						sum += floats.values()[places[k]];
					}
					sums[i] = (float) requireFinite(indices[i], sum);
				}
				yield FloatTensor.proved(shape, sums);
			}
		};
	}

	private static double requireFinite(long index, double sum) {
		if (!Double.isFinite(sum)) {
			throw new NonFiniteResultException("grad", index, sum);
		}
		return sum;
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
	/// @throws DisagreementException if two that were given for one index differ
	public Tensor atIndices(Tensor values) {
		for (int i = 0; i < this.indices.length; i++) {
			int first = this.places[this.begins[i]];
			for (int k = this.begins[i] + 1; k < this.begins[i + 1]; k++) {
				if (values.valueAt(this.places[k]) != values.valueAt(first)) {
					throw new DisagreementException(this.indices[i], first, this.places[k]);
				}
			}
		}
		Shape shape = Shape.vector(this.indices.length);
		return switch (values) {
			case DoubleTensor doubles -> {
				double[] chosen = new double[this.indices.length];
				for (int i = 0; i < chosen.length; i++) {
					chosen[i] = doubles.values()[this.places[this.begins[i]]];
				}
				yield DoubleTensor.proved(shape, chosen);
			}
			case FloatTensor floats -> {
				float[] chosen = new float[this.indices.length];
				for (int i = 0; i < chosen.length; i++) {
					chosen[i] = floats.values()[this.places[this.begins[i]]];
				}
				yield FloatTensor.proved(shape, chosen);
			}
		};
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

		/// The element's index.
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
