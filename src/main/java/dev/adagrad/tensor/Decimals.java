package dev.adagrad.tensor;

import java.util.Arrays;

/// Numbers written as decimals, which have no dtype of their own: what a JSON document holds.
///
/// Each is kept rounded to F64. That alone would not do for F32: a decimal just beside the middle between two floats
/// rounds to the double in the middle, and from there to the wrong float. So where rounding twice differs from
/// rounding once (which can only be at such a middle) the right float is kept beside it; such decimals are rare, a few
/// in 2²⁹.
///
/// There is at least one. Immutable; safe for use by any number of threads.
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
	public static Builder builder() {
		return new Builder(Builder.FIRST_CAPACITY);
	}

	/// A builder that has room for so many elements from the beginning; there may be
	/// more, or less.
	public static Builder builder(int capacity) {
		return new Builder(capacity);
	}

	/// A flat array of what [#values()], [#floatIndices()] and [#floatValues()] of an
	/// equal one are; the arrays are not copied.
	/// @throws IllegalArgumentException if they cannot belong together
	public static Decimals vector(double[] values, int[] floatIndices, float[] floatValues) {
		Bounds bounds = Bounds.of(values);
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

	/// Where rounding to F64 first gives another float, ascending: the array itself, to
	/// be read only.
	public int[] floatIndices() {
		return this.floatIndices;
	}

	/// The elements at [#floatIndices()], each rounded to F32, which may be infinite: the
	/// array itself, to be read only.
	public float[] floatValues() {
		return this.floatValues;
	}

	@Override
	public Tensor as(DType dtype) {
		return switch (dtype) {
			case F64 -> DoubleTensor.proved(this.shape, this.values, this.bounds);
			case F32 -> toFloats();
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
			// rounding keeps the order, so the bounds of the floats are the bounds,
			// rounded
			return FloatTensor.proved(this.shape, floats,
					new Bounds((float) this.bounds.min(), (float) this.bounds.max()));
		}
		return FloatTensor.proved(this.shape, floats);
	}

	/// Collects the elements of one number or array; not thread-safe.
	public static final class Builder {

		private static final int FIRST_CAPACITY = 16;

		private double[] values;

		private int size;

		private double min = Double.POSITIVE_INFINITY;

		private double max = Double.NEGATIVE_INFINITY;

		private int[] floatIndices = {};

		private float[] floatValues = {};

		private int floats;

		private Builder(int capacity) {
			this.values = new double[capacity];
		}

		/// Whether a double is the middle between two neighbouring floats (or between
		/// the largest float and what would follow it): only then can rounding to F64
		/// first and to F32 after differ from rounding once, and [#add(double, float)]
		/// is called for.
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
			return this.size;
		}

		/// Adds an element of which [#isBetweenFloats(double)] does not hold.
		/// @param value the decimal, rounded to F64; finite
		public void add(double value) {
			if (this.size == this.values.length) {
				this.values = Arrays.copyOf(this.values, grown(this.size));
			}
			this.values[this.size++] = value;
			this.min = Math.min(this.min, value);
			this.max = Math.max(this.max, value);
		}

		/// Adds an element.
		/// @param value the decimal, rounded to F64; finite
		/// @param asFloat the same decimal, rounded to F32; may be infinite
		public void add(double value, float asFloat) {
			if ((float) value != asFloat) {
				if (this.floats == this.floatIndices.length) {
					this.floatIndices = Arrays.copyOf(this.floatIndices, grown(this.floats));
					this.floatValues = Arrays.copyOf(this.floatValues, grown(this.floats));
				}
				this.floatIndices[this.floats] = this.size;
				this.floatValues[this.floats++] = asFloat;
			}
			add(value);
		}

		private static int grown(int capacity) {
			return Math.max(FIRST_CAPACITY, capacity + (capacity >> 1));
		}

		/// The one element as a bare number.
		/// @throws IllegalArgumentException if not exactly one was added
		public Decimals buildScalar() {
			return build(Shape.scalar());
		}

		/// All elements as a flat array.
		public Decimals buildVector() {
			return build(Shape.vector(this.size));
		}

		private Decimals build(Shape shape) {
			if (shape.size() != this.size || this.size == 0) {
				throw new IllegalArgumentException(
						"a shape of size " + shape.size() + " with " + this.size + " values");
			}
			double[] exact = (this.values.length == this.size) ? this.values : Arrays.copyOf(this.values, this.size);
			return new Decimals(shape, exact, new Bounds(this.min, this.max),
					Arrays.copyOf(this.floatIndices, this.floats), Arrays.copyOf(this.floatValues, this.floats));
		}

	}

}
