package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a session's step can answer beyond the parameter.
public enum SessionInclude {

	/// The accumulator after the step.
	@JsonProperty("G")
	G,
	/// η_t / denominator, for each element; 0 where the denominator is 0.
	EFFECTIVE_LEARNING_RATE,
	/// Δ, what line 6 of the update takes from the parameter.
	UPDATE,
	/// What the step tells of itself as a whole.
	METRICS

}
