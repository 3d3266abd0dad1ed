package dev.adagrad.session.http;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.request.Accumulator;
import dev.adagrad.session.Start;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.tensor.DType;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A named tensor of a session: its shape, and its settings in force.
record TensorDescription(
// @formatter:off
		@NotNull List<Long> shape,
		@NotNull Accumulator accumulator,
		@JsonProperty("learning_rate_scale") double learningRateScale,
		@JsonProperty("weight_decay") double weightDecay,
		double l1,
		double l2,
		@JsonProperty("clip_value") @Nullable Double clipValue,
		boolean frozen,
		@JsonProperty("initial_accumulator_value") @Nullable Double initialAccumulatorValue,
		@JsonProperty("initial_parameter_value") @Nullable Double initialParameterValue,
		@JsonProperty("initial_parameter") @Nullable InitialParameter initialParameter) implements Message {
		// @formatter:on

	static TensorDescription of(TensorSpec spec, Start start, DType dtype) {
		Hyperparameters h = spec.hyperparameters();
		return new TensorDescription(spec.shape(), spec.rowWise() ? Accumulator.ROW : Accumulator.ELEMENT,
				h.learningRateScale(), h.weightDecay(), h.l1(), h.l2(), SessionDescription.clipValue(h), spec.frozen(),
				SessionDescription.constant(start.G(), dtype), SessionDescription.constant(start.parameter(), dtype),
				SessionDescription.uniform(start.parameter()));
	}

}
