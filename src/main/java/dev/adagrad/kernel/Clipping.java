package dev.adagrad.kernel;

/// What bounds the gradient, before weight decay and before it is accumulated.
public sealed interface Clipping {

	/// The gradient is taken as it is.
	record None() implements Clipping {
	}

	/// Clips each element by itself: `g ← min(max(g, −c), c)`.
	///
	/// @param limit c, finite and > 0; rounded to F32 it may be 0 or infinite, and is
	/// used as that
	record ByValue(double limit) implements Clipping {

		/// @throws IllegalArgumentException if `limit` is not finite or not > 0
		public ByValue {
			requirePositive("clip_value", limit);
		}

	}

	/// Scales all elements by one factor, so that the Euclidean norm of the gradient is
	/// at most c: `g ← g · min(1, c / ‖g‖₂)`.
	///
	/// The norm is F64 for either dtype: the root of one sum of the squares, in order of
	/// the index. If that sum is infinite, or is below the smallest normal number
	/// although g is not 0, the norm is `m · √Σ(g/m)²` with `m = max|g|` instead. The
	/// factor is F64 too and is rounded to the dtype once. A norm beyond F64 is
	/// infinite, and the factor is then 0.
	///
	/// @param limit c, finite and > 0
	/// @param scope which elements the norm covers
	record ByNorm(double limit, Scope scope) implements Clipping {

		/// @throws IllegalArgumentException if `limit` is not finite or not > 0
		public ByNorm {
			requirePositive("clip_norm", limit);
		}

		/// The factor for a norm; 1 if the norm is 0.
		double factor(double norm) {
			return Math.min(1.0, this.limit / norm);
		}

	}

	/// Which elements a norm covers.
	enum Scope {

		/// All elements of the step.
		GLOBAL,
		/// The elements of each tensor by itself.
		TENSOR

	}

	private static void requirePositive(String name, double limit) {
		if (!(limit > 0) || Double.isInfinite(limit)) {
			throw new IllegalArgumentException(name + " must be finite and > 0, was " + limit);
		}
	}

}
