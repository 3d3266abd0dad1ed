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
	/// @param scope over which elements the norm goes
	record ByNorm(double limit, Scope scope) implements Clipping {

		/// @throws IllegalArgumentException if `limit` is not finite or not > 0
		public ByNorm {
			requirePositive("clip_norm", limit);
		}

		/// Of all tensors together.
		public ByNorm(double limit) {
			this(limit, Scope.GLOBAL);
		}

		/// The factor for a norm; 1 where that is 0.
		double factor(Norm norm) {
			return Math.min(1.0, this.limit / norm.value());
		}

	}

	/// Over which elements a norm goes.
	enum Scope {

		/// All that the step is about.
		GLOBAL,
		/// Those of each tensor for itself.
		TENSOR

	}

	private static void requirePositive(String name, double limit) {
		if (!(limit > 0) || Double.isInfinite(limit)) {
			throw new IllegalArgumentException(name + " must be finite and > 0, was " + limit);
		}
	}

}
