package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a session's step can answer beyond the parameter.
public enum SessionInclude {

	/// The accumulator after the step.
	@JsonProperty("G")
	G,
	/// η_t / denominator, for each element; 0 where the denominator is 0.
	EFFECTIVE_LEARNING_RATE,
	/// Δ, which line 6 of the update defines and line 7 subtracts from the parameter.
	UPDATE,
	/// Figures of the step as a whole.
	METRICS

}
