package dev.adagrad.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Numbers written as decimals, such as those in a JSON document. They have no dtype of their own.
///
/// Each is kept as its nearest F64. That alone is not enough for F32: a decimal just beside the middle between two
/// floats may round to the double in the middle, and from there to the wrong float. So where rounding twice differs
/// from rounding once (only at such a middle), the correct float is kept as well. Such decimals are rare: a few in
/// 2²⁹.
///
/// There is at least one number. Immutable; safe for use by any number of threads.
///
/// @see <a href="https://doi.org/10.1145/221332.221334">Figueroa, When is double rounding innocuous? (1995)</a>
public final class Decimals implements Numbers {

	private final Shape shape;

	private final double[] values;

	private final Bounds bounds;

	private final int[] floatIndices;

	private final float[] floatValues;

	private Decimals(Shape shape, double[] values, Bounds bounds, int[] floatIndices, float[] floatValues) {
		this.shape = shape;
		this.values = values;
		this.bounds = bounds;
		this.floatIndices = floatIndices;
		this.floatValues = floatValues;
	}

	/// A builder, for one thread, to which elements are added in order.
	/// @param memory asked before the builder allocates memory for many elements; the
	/// finished numbers have taken about [#bytes()] of it
	public static Builder builder(Memory memory) {
		return new Builder(memory);
	}

	/// A flat array, made from what [#values()], [#floatIndices()] and [#floatValues()]
	/// of an equal one returned. The arrays are not copied.
	/// @throws IllegalArgumentException if the arrays cannot belong together
	public static Decimals vector(double[] values, int[] floatIndices, float[] floatValues) {
		Bounds bounds = Bounds.of(values, 0, values.length);
		if (values.length == 0 || !bounds.isFinite() || floatIndices.length != floatValues.length) {
			throw new IllegalArgumentException("no values, or one that is not finite, or not a float for each index");
		}
		int last = -1;
		for (int k = 0; k < floatIndices.length; k++) {
			int index = floatIndices[k];
			if (index <= last || index >= values.length || !Builder.isBetweenFloats(values[index])
					|| !(Math.nextDown(floatValues[k]) < values[index]
							&& Math.nextUp(floatValues[k]) > values[index])) {
				throw new IllegalArgumentException("no float is due at index " + index);
			}
			last = index;
		}
		return new Decimals(Shape.vector(values.length), values, bounds, floatIndices, floatValues);
	}

	@Override
	public Shape shape() {
		return this.shape;
	}

	@Override
	public Bounds bounds() {
		return this.bounds;
	}

	@Override
	public double valueAt(int index) {
		return this.values[index];
	}

	/// The elements, each rounded to F64: the array itself, to be read only.
	public double[] values() {
		return this.values;
	}

	/// The indices, ascending, where rounding to F64 first gives another float: the
	/// array itself, to be read only.
	public int[] floatIndices() {
		return this.floatIndices;
	}

	/// The elements at [#floatIndices()], each rounded to F32, which may be infinite: the
	/// array itself, to be read only.
	public float[] floatValues() {
		return this.floatValues;
	}

	/// About how many bytes of the heap this takes.
	public long bytes() {
		return (long) this.values.length * Double.BYTES
				+ (long) this.floatIndices.length * (Integer.BYTES + Float.BYTES);
	}

	@Override
	public Tensor as(DType dtype) {
		return switch (dtype) {
			case F64 -> DoubleTensor.proved(this.shape, this.values, this.bounds);
			case F32 -> toFloats();
		};
	}

	@Override
	public long bytesOfCopy(DType dtype) {
		return switch (dtype) {
			case F64 -> 0;
			case F32 -> (long) this.values.length * Float.BYTES;
		};
	}

	private FloatTensor toFloats() {
		float[] floats = new float[this.values.length];
		for (int i = 0; i < floats.length; i++) {
			floats[i] = (float) this.values[i];
		}
		for (int k = 0; k < this.floatIndices.length; k++) {
			floats[this.floatIndices[k]] = this.floatValues[k];
		}
		if (Double.isInfinite(DType.F32.round(this.bounds.maxAbs()))) {
			for (int i = 0; i < floats.length; i++) {
				if (Float.isInfinite(floats[i])) {
					throw new OutOfRangeException(i, this.values[i], DType.F32);
				}
			}
		}
		if (this.floatIndices.length == 0) {
			// rounding keeps the order, so the bounds of the floats are these bounds,
			// rounded
			return FloatTensor.proved(this.shape, floats,
					new Bounds((float) this.bounds.min(), (float) this.bounds.max()));
		}
		return FloatTensor.proved(this.shape, floats);
	}

	/// Collects the elements of one number or array; not thread-safe.
	///
	/// Elements are collected in chunks, each about as long as all chunks before it, up
	/// to a bound, and are copied once, into the final array. A growing array would be
	/// copied again and again, and would take two and a half times its own memory while
	/// it grows.
	public static final class Builder {

		private static final int FIRST_CHUNK = 16;

		/// 256 KiB: small enough that the garbage collector does not treat a chunk as a
		/// large object.
		private static final int LONGEST_CHUNK = 32 * 1024;

		private final Memory memory;

		private final List<double[]> full = new ArrayList<>();

		private double[] chunk = new double[FIRST_CHUNK];

		/// The number of elements in the full chunks.
		private int before;

		private int inChunk;

		private double min = Double.POSITIVE_INFINITY;

		private double max = Double.NEGATIVE_INFINITY;

		private int[] floatIndices = {};

		private float[] floatValues = {};

		private int floats;

		private Builder(Memory memory) {
			this.memory = memory;
			take(FIRST_CHUNK, Double.BYTES);
		}

		/// Whether a double is the middle between two neighbouring floats (or between
		/// the largest float and what would follow it): only then can rounding to F64
		/// and then to F32 differ from rounding once, and the caller must use
		/// [#add(double, float)].
		public static boolean isBetweenFloats(double value) {
			// a middle has at most 25 significant bits: the lowest 28 of 52 are 0
			if ((Double.doubleToRawLongBits(value) & 0x0FFFFFFFL) != 0) {
				return false;
			}
			float nearest = (float) value;
			if (nearest == value) {
				return false;
			}
			if (Float.isInfinite(nearest)) {
				return Math.abs(value) == 0x1.ffffffp127;
			}
			float other = (nearest < value) ? Math.nextUp(nearest) : Math.nextDown(nearest);
			return Math.abs(value - nearest) == Math.abs(value - other);
		}

		/// How many elements have been added.
		public int size() {
			return this.before + this.inChunk;
		}

		/// Adds an element for which [#isBetweenFloats(double)] is false.
		/// @param value the decimal, rounded to F64; finite
		public void add(double value) {
			if (this.inChunk == this.chunk.length) {
				nextChunk();
			}
			this.chunk[this.inChunk++] = value;
			this.min = Math.min(this.min, value);
			this.max = Math.max(this.max, value);
		}

		/// Adds an element.
		/// @param value the decimal, rounded to F64; finite
		/// @param asFloat the same decimal, rounded to F32; may be infinite
		public void add(double value, float asFloat) {
			if ((float) value != asFloat) {
				if (this.floats == this.floatIndices.length) {
					growFloats();
				}
				this.floatIndices[this.floats] = size();
				this.floatValues[this.floats++] = asFloat;
			}
			add(value);
		}

		private void nextChunk() {
			int length = Math.clamp(size(), FIRST_CHUNK, LONGEST_CHUNK);
			take(length, Double.BYTES);
			this.full.add(this.chunk);
			this.before += this.chunk.length;
			this.chunk = new double[length];
			this.inChunk = 0;
		}

		private void growFloats() {
			int length = Math.max(FIRST_CHUNK, this.floats + (this.floats >> 1));
			take(length, Integer.BYTES + Float.BYTES);
			this.floatIndices = Arrays.copyOf(this.floatIndices, length);
			this.floatValues = Arrays.copyOf(this.floatValues, length);
			giveBack(this.floats, Integer.BYTES + Float.BYTES);
		}

		private void take(int elements, int bytesEach) {
			this.memory.take((long) elements * bytesEach);
		}

		private void giveBack(int elements, int bytesEach) {
			this.memory.giveBack((long) elements * bytesEach);
		}

		/// The one element as a bare number.
		/// @throws IllegalArgumentException if not exactly one was added
		public Decimals buildScalar() {
			return build(Shape.scalar());
		}

		/// All elements as a flat array.
		public Decimals buildVector() {
			return build(Shape.vector(size()));
		}

		private Decimals build(Shape shape) {
			int size = size();
			if (shape.size() != size || size == 0) {
				throw new IllegalArgumentException("a shape of size " + shape.size() + " with " + size + " values");
			}
			return new Decimals(shape, values(), new Bounds(this.min, this.max),
					Arrays.copyOf(this.floatIndices, this.floats), Arrays.copyOf(this.floatValues, this.floats));
		}

		/// All elements in one array. Gives back the memory that the chunks took.
		private double[] values() {
			int size = size();
			take(size, Double.BYTES);
			double[] values = new double[size];
			int at = 0;
			for (double[] each : this.full) {
				System.arraycopy(each, 0, values, at, each.length);
				at += each.length;
				giveBack(each.length, Double.BYTES);
			}
			System.arraycopy(this.chunk, 0, values, at, this.inChunk);
			giveBack(this.chunk.length, Double.BYTES);
			return values;
		}

	}

}
