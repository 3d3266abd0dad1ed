package dev.adagrad.session.http;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.request.HyperparameterFields;
import dev.adagrad.request.OneClipping;
import dev.adagrad.request.Rules;
import dev.adagrad.request.TensorFields;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/// A session that a client wants to create.
///
/// @param size the number of elements, if the tensors are not given
/// @param G the initial values of the accumulator
/// @param parameter the initial values of the held parameter
/// @param initialAccumulatorValue the initial value of every element of G, if G is not given
/// @param initialParameterValue the initial value of every element of a held parameter, beside `size` or `tensors`
/// @param initialParameter the rule for the initial values of a held parameter, beside `size` or `tensors`
/// @param tensors the tensors of a model by their names
/// @param step how many steps have been taken before, elsewhere: 0 by default
/// @param ttlSeconds how long the session lives after its last change
/// @param dtype of everything: F64 by default
/// @see HyperparameterFields
@OneClipping
record CreateSessionRequest(
// @formatter:off
		@Min(value = 1, message = "must be ≥ 1") @Nullable Long size,
		@JsonProperty("G") @Nullable Blocks<Numbers> G,
		@Nullable Blocks<Numbers> parameter,
		@JsonProperty("initial_accumulator_value") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double initialAccumulatorValue,
		@JsonProperty("initial_parameter_value") @Nullable Double initialParameterValue,
		@JsonProperty("initial_parameter") @Valid @Nullable InitialParameter initialParameter,
		@Nullable Map<String, @Valid CreateTensorRequest> tensors,
		@Min(value = 0, message = Rules.NOT_NEGATIVE) @Nullable Long step,
		@JsonProperty("ttl_seconds") @Min(value = 1, message = "must be ≥ 1")
		@Max(value = CreateSessionRequest.MAX_TTL_SECONDS, message = "must be ≤ 3155760000, a hundred years")
		@Nullable Long ttlSeconds,
		@Nullable DType dtype,
		@Nullable Preset preset,
		@JsonProperty("learning_rate") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double learningRate,
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double epsilon,
		@JsonProperty("epsilon_placement") @Nullable EpsilonPlacement epsilonPlacement,
		@JsonProperty("lr_decay") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double lrDecay,
		@JsonProperty("weight_decay") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double weightDecay,
		@JsonProperty("weight_decay_mode") @Nullable WeightDecayMode weightDecayMode,
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double l1,
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double l2,
		@Nullable Boolean maximize,
		@JsonProperty("clip_value") @Positive(message = Rules.POSITIVE) @Nullable Double clipValue,
		@JsonProperty("clip_norm") @Positive(message = Rules.POSITIVE) @Nullable Double clipNorm,
		@JsonProperty("clip_norm_scope") Clipping.@Nullable Scope clipNormScope)
		implements CreatedTensor, HyperparameterFields, Message {
		// @formatter:on

	/// About how many bytes a tensor takes besides its elements.
	private static final long BYTES_OF_TENSOR = 2 * 1024;

	/// A hundred years.
	static final long MAX_TTL_SECONDS = 3_155_760_000L;

	@Override
	public Map<String, ? extends TensorFields> own() {
		return (this.tensors != null) ? this.tensors : Map.of();
	}

	@Override
	public long workingBytes() {
		if (this.tensors == null) {
			return bytesAtOnce();
		}
		return this.tensors.size() * BYTES_OF_TENSOR
				+ this.tensors.values().stream().mapToLong(CreatedTensor::bytesAtOnce).max().orElse(0);
	}

}
