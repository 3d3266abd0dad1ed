package dev.adagrad.session.http;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.Accumulator;
import dev.adagrad.request.Rules;
import dev.adagrad.request.TensorFields;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/// One named tensor of a session that a client wants to create.
///
/// @param shape of the parameter, if its array is flat or not given
/// @param G the initial values of the accumulator; of the length of the first axis if rows share their G
/// @param parameter the initial values of the held parameter
/// @param initialAccumulatorValue the initial value of every element of G, if G is not given
/// @param initialParameterValue the initial value of every element of the parameter
/// @param initialParameter the rule for the initial values of the parameter
/// @see TensorFields
record CreateTensorRequest(
// @formatter:off
		@Nullable List<Long> shape,
		@JsonProperty("G") @Nullable Blocks<Numbers> G,
		@Nullable Blocks<Numbers> parameter,
		@JsonProperty("initial_accumulator_value") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double initialAccumulatorValue,
		@JsonProperty("initial_parameter_value") @Nullable Double initialParameterValue,
		@JsonProperty("initial_parameter") @Valid @Nullable InitialParameter initialParameter,
		@Nullable Accumulator accumulator,
		@JsonProperty("learning_rate_scale") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double learningRateScale,
		@JsonProperty("weight_decay") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double weightDecay,
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double l1,
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double l2,
		@JsonProperty("clip_value") @Positive(message = Rules.POSITIVE) @Nullable Double clipValue,
		@Nullable Boolean frozen) implements CreatedTensor, TensorFields, Message {
		// @formatter:on

}
