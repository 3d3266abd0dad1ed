package dev.adagrad.kernel;

/// A Euclidean norm, kept as two factors so that it neither overflows nor underflows.
///
/// @param scale m, or 1, > 0
/// @param root the norm divided by `scale`, ≥ 0
record Norm(double scale, double root) {

	static final Norm ZERO = new Norm(1, 0);

	/// The norm as F64; infinite if it is beyond F64.
	double value() {
		return this.scale * this.root;
	}

}
