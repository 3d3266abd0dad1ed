package dev.adagrad.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.request.HyperparameterFields;
import dev.adagrad.request.HyperparameterTexts;
import dev.adagrad.request.OneClipping;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/// A session that a client wants.
///
/// @param size how many elements, where the tensors are not given
/// @param G what the accumulator starts from
/// @param parameter what the held parameter starts from
/// @param initialAccumulatorValue what every element of G starts from, where G is not given
/// @param initialParameterValue what every element of a held parameter starts from, beside `size`
/// @param step how many steps have been taken before, elsewhere
/// @param ttlSeconds how long the session lives after its last change
/// @see HyperparameterFields
@TensorsOrSize
@OneClipping
@Schema(description = SessionTexts.CREATE_REQUEST, additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
record CreateSessionRequest(
// @formatter:off
		@Schema(description = SessionTexts.SIZE)
		@Min(value = 1, message = "must be ≥ 1") @Nullable Long size,
		@Schema(description = SessionTexts.INITIAL_G)
		@JsonProperty("G") @Nullable Blocks<Numbers> G,
		@Schema(description = SessionTexts.INITIAL_PARAMETER)
		@Nullable Blocks<Numbers> parameter,
		@Schema(description = SessionTexts.INITIAL_ACCUMULATOR_VALUE)
		@JsonProperty("initial_accumulator_value") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double initialAccumulatorValue,
		@Schema(description = SessionTexts.INITIAL_PARAMETER_VALUE)
		@JsonProperty("initial_parameter_value") @Nullable Double initialParameterValue,
		@Schema(description = SessionTexts.INITIAL_STEP, defaultValue = "0")
		@Min(value = 0, message = Rules.NOT_NEGATIVE) @Nullable Long step,
		@Schema(description = SessionTexts.TTL_SECONDS)
		@JsonProperty("ttl_seconds") @Min(value = 1, message = "must be ≥ 1")
		@Max(value = CreateSessionRequest.MAX_TTL_SECONDS, message = "must be ≤ 3155760000, a hundred years")
		@Nullable Long ttlSeconds,
		@Schema(description = SessionTexts.DTYPE, defaultValue = "F64")
		@Nullable DType dtype,
		@Schema(description = HyperparameterTexts.PRESET + SessionTexts.PRESET_G)
		@Nullable Preset preset,
		@Schema(description = HyperparameterTexts.LEARNING_RATE)
		@JsonProperty("learning_rate") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double learningRate,
		@Schema(description = HyperparameterTexts.EPSILON)
		@DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double epsilon,
		@Schema(description = HyperparameterTexts.EPSILON_PLACEMENT)
		@JsonProperty("epsilon_placement") @Nullable EpsilonPlacement epsilonPlacement,
		@Schema(description = HyperparameterTexts.LR_DECAY, defaultValue = "0")
		@JsonProperty("lr_decay") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE) @Nullable Double lrDecay,
		@Schema(description = HyperparameterTexts.WEIGHT_DECAY, defaultValue = "0")
		@JsonProperty("weight_decay") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double weightDecay,
		@Schema(description = HyperparameterTexts.WEIGHT_DECAY_MODE)
		@JsonProperty("weight_decay_mode") @Nullable WeightDecayMode weightDecayMode,
		@Schema(description = HyperparameterTexts.MAXIMIZE, defaultValue = "false")
		@Nullable Boolean maximize,
		@Schema(description = HyperparameterTexts.CLIP_VALUE)
		@JsonProperty("clip_value") @Positive(message = Rules.POSITIVE) @Nullable Double clipValue,
		@Schema(description = HyperparameterTexts.CLIP_NORM)
		@JsonProperty("clip_norm") @Positive(message = Rules.POSITIVE) @Nullable Double clipNorm)
		implements HyperparameterFields, Message {
		// @formatter:on

	/// A hundred years.
	static final long MAX_TTL_SECONDS = 3_155_760_000L;

	/// The precision of everything: F64 unless named.
	DType dtypeOrDefault() {
		return (this.dtype != null) ? this.dtype : DType.F64;
	}

	/// Where training goes on: 0 unless named.
	long stepOrDefault() {
		return (this.step != null) ? this.step : 0;
	}

	/// What G starts from where it is not given: 0, unless it or a preset is named.
	double initialAccumulatorValueOrDefault() {
		if (this.initialAccumulatorValue != null) {
			return this.initialAccumulatorValue;
		}
		return (this.preset != null) ? this.preset.initialAccumulatorValue() : 0;
	}

	/// One block at a time, and what it is made into.
	@Override
	public long workingBytes() {
		return 2 * Math.max((this.G != null) ? this.G.bytesAtOnce() : 0,
				(this.parameter != null) ? this.parameter.bytesAtOnce() : 0);
	}

}
