package dev.adagrad.kernel;

/// What a step can return beyond the new parameter and the new G.
public enum Include {

	/// η_t / denominator, for each element of G; 0 where the denominator is 0.
	EFFECTIVE_LEARNING_RATE,
	/// Δ, which line 6 of the update computes and line 7 subtracts from the parameter.
	/// Decoupled weight decay, l1 and l2 come later and are not part of it.
	UPDATE,
	/// The metrics of the step, see [Metrics].
	METRICS

}
