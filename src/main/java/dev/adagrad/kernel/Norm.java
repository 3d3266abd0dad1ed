package dev.adagrad.kernel;

/// A Euclidean norm, as a product that neither over- nor underflows.
///
/// @param scale m, or 1, > 0
/// @param root the norm divided by `scale`, ≥ 0
record Norm(double scale, double root) {

	static final Norm ZERO = new Norm(1, 0);

	/// As F64; infinite where it is beyond it.
	double value() {
		return this.scale * this.root;
	}

}
