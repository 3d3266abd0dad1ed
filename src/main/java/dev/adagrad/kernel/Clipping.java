package dev.adagrad.kernel;

/// What bounds the gradient, before weight decay and before it is accumulated.
public sealed interface Clipping {

	/// The gradient is taken as it is.
	record None() implements Clipping {
	}

	/// Each element by itself: `g ← min(max(g, −c), c)`.
	///
	/// @param limit c, finite and > 0; rounded to F32 it may be 0 or infinite, and is
	/// used so
	record ByValue(double limit) implements Clipping {

		/// @throws IllegalArgumentException if `limit` is not finite or not > 0
		public ByValue {
			requirePositive("clip_value", limit);
		}

	}

	/// All elements by one factor, so that the Euclidean norm of the gradient is at most
	/// c: `g ← g · min(1, c / ‖g‖₂)`.
	///
	/// The norm is F64 for either dtype: the root of one sum of the squares, in order of
	/// the index. Where that sum is infinite, or below the smallest normal number though
	/// g is not 0, it is `m · √Σ(g/m)²` with `m = max|g|` instead. The factor is F64 too,
	/// and rounded to the dtype once. A norm that is itself beyond F64 is infinite, and
	/// the factor 0.
	///
	/// @param limit c, finite and > 0
	record ByNorm(double limit) implements Clipping {

		/// @throws IllegalArgumentException if `limit` is not finite or not > 0
		public ByNorm {
			requirePositive("clip_norm", limit);
		}

		/// The factor for a norm given as a product.
		/// @param scale m, or 1, > 0
		/// @param root the norm divided by `scale`, ≥ 0; at 0 the factor is 1
		double factor(double scale, double root) {
			return Math.min(1.0, this.limit / (scale * root));
		}

	}

	private static void requirePositive(String name, double limit) {
		if (!(limit > 0) || Double.isInfinite(limit)) {
			throw new IllegalArgumentException(name + " must be finite and > 0, was " + limit);
		}
	}

}
