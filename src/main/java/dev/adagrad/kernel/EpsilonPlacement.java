package dev.adagrad.kernel;

/// The place of ε, which keeps the denominator away from 0. G is the accumulator after the gradient has been added.
public enum EpsilonPlacement {

	/// `√G + ε`, as in PyTorch.
	OUTSIDE_SQRT,
	/// `√(G + ε)`, as in Keras and Optax.
	INSIDE_SQRT

}
