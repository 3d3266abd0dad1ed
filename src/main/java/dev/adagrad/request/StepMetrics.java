package dev.adagrad.request;

import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.Metrics;
import dev.adagrad.wire.Message;
import org.jspecify.annotations.Nullable;

/// What a step reports about itself as a whole, see [Metrics].
public record StepMetrics(
// @formatter:off
		@JsonProperty("learning_rate") double learningRate,
		@JsonProperty("grad_norm") double gradNorm,
		@JsonProperty("clip_factor") double clipFactor,
		@JsonProperty("update_norm") @Nullable Double updateNorm,
		@JsonProperty("parameter_norm") double parameterNorm,
		long touched) implements Message {
		// @formatter:on

	/// The metrics, if there are any.
	public static @Nullable StepMetrics of(Optional<Metrics> metrics) {
		return metrics
			.map((known) -> new StepMetrics(known.learningRate(), known.gradNorm(), known.clipFactor(),
					known.updateNorm().orElse(null), known.parameterNorm(), known.touched()))
			.orElse(null);
	}

}
