package dev.adagrad.kernel;

/// What a step can tell beyond the new parameter and the new G.
public enum Include {

	/// η_t / denominator, for each element of G; 0 where the denominator is 0.
	EFFECTIVE_LEARNING_RATE,
	/// Δ, what line 6 of the update takes from the parameter (decoupled weight decay, l1
	/// and l2 come after, and are not in it).
	UPDATE,
	/// [Metrics].
	METRICS

}
