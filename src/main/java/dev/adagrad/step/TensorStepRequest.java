package dev.adagrad.step;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.Accumulator;
import dev.adagrad.request.NonNegativeElements;
import dev.adagrad.request.Rules;
import dev.adagrad.request.TensorFields;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/// One named tensor of a stateless step: the fields that [StepRequest] has for an unnamed one, and the settings of
/// this tensor alone.
///
/// @param parameter θ, before the step
/// @param grad the gradient at θ
/// @param G the sum of the squares of the gradients so far; of the length of the first axis where rows share their G
/// @param shape the shape of the parameter, if its array is flat
/// @see TensorFields
@MatchingLengths
record TensorStepRequest(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) Numbers parameter,
		@NotNull(message = Rules.REQUIRED) Numbers grad,
		@JsonProperty("G") @NotNull(message = Rules.G_REQUIRED) @NonNegativeElements Numbers G,
		@Nullable List<Long> shape,
		@Nullable Accumulator accumulator,
		@JsonProperty("learning_rate_scale") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double learningRateScale,
		@JsonProperty("weight_decay") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double weightDecay,
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double l1,
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double l2,
		@JsonProperty("clip_value") @Positive(message = Rules.POSITIVE) @Nullable Double clipValue,
		@Nullable Boolean frozen) implements SteppedTensor, TensorFields, Message {
		// @formatter:on

}
