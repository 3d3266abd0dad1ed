package dev.adagrad.step;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Extra;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import org.jspecify.annotations.Nullable;

/// One stateless step, as a client asks for it.
///
/// `parameter`, `grad` and `G` are all numbers or all arrays of one shape, every element finite, those of `G` ≥ 0.
/// Everything else may be left out. The message converters build it before it is validated, so a required component
/// may be null until `@Valid` has passed.
///
/// @param parameter θ, before the step
/// @param grad the gradient at θ
/// @param G the sum of the squares of the gradients so far
/// @param step t, the 1-based number of this step
/// @param dtype the precision of the whole step
/// @param include what else to answer
@MatchingLengths
@OneClipping
@Schema(description = "One AdaGrad step. parameter, grad and G are all numbers, or all arrays of one length.",
		additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
record StepRequest(@Schema(description = "θ before the step.") @NotNull(message = Rules.REQUIRED) Numbers parameter,
		@Schema(description = "The gradient at θ.") @NotNull(message = Rules.REQUIRED) Numbers grad,
		@Schema(description = "The accumulator: the sum of the squared gradients so far. 0 before the first step. "
				+ "Every element is ≥ 0.") @JsonProperty("G") @NotNull(
						message = Rules.REQUIRED) @NonNegativeElements Numbers G,
		@Schema(description = "t, the 1-based number of this step; only lr_decay looks at it.",
				defaultValue = "1") @Min(value = 1, message = "must be ≥ 1") @Nullable Long step,
		@Schema(description = "The precision of the whole step.", defaultValue = "F64") @Nullable DType dtype,
		@Schema(description = "The defaults of a library; named values override them. torch: learning_rate 0.01, "
				+ "epsilon 1e-10 outside_sqrt. keras: 0.001, 1e-7 inside_sqrt, weight_decay_mode decoupled. "
				+ "optax: 0.01, 1e-7 inside_sqrt.") @Nullable Preset preset,
		@Schema(description = "η. 0.01, unless the preset says otherwise.") @JsonProperty("learning_rate") @PositiveOrZero(
				message = Rules.NOT_NEGATIVE) @Nullable Double learningRate,
		@Schema(description = "ε, which keeps the denominator away from 0. 1e-8, unless the preset says otherwise.") @PositiveOrZero(
				message = Rules.NOT_NEGATIVE) @Nullable Double epsilon,
		@Schema(description = "√G + ε (outside_sqrt) or √(G + ε) (inside_sqrt). outside_sqrt, unless the preset says otherwise.") @JsonProperty("epsilon_placement") @Nullable EpsilonPlacement epsilonPlacement,
		@Schema(description = "η_t = learning_rate / (1 + (t − 1) · lr_decay).",
				defaultValue = "0") @JsonProperty("lr_decay") @PositiveOrZero(
						message = Rules.NOT_NEGATIVE) @Nullable Double lrDecay,
		@Schema(description = "λ.", defaultValue = "0") @JsonProperty("weight_decay") @PositiveOrZero(
				message = Rules.NOT_NEGATIVE) @Nullable Double weightDecay,
		@Schema(description = "coupled: g + λθ, L2 regularisation. decoupled: θ shrinks by η_t·λ·θ beside the step. coupled, unless the preset says otherwise.") @JsonProperty("weight_decay_mode") @Nullable WeightDecayMode weightDecayMode,
		@Schema(description = "Climb instead of descend: g ← −g.", defaultValue = "false") @Nullable Boolean maximize,
		@Schema(description = "Clip every element of the gradient to ±clip_value. Not together with "
				+ "clip_norm.") @JsonProperty("clip_value") @Positive(
						message = Rules.POSITIVE) @Nullable Double clipValue,
		@Schema(description = "Scale the gradient down to this Euclidean norm if it is longer. Not together with "
				+ "clip_value.") @JsonProperty("clip_norm") @Positive(
						message = Rules.POSITIVE) @Nullable Double clipNorm,
		@Schema(description = "More to answer: effective_learning_rate is η_t / denominator (0 where that is 0), "
				+ "update is what was subtracted from θ.") @Nullable Set<Extra> include)
		implements
			HyperparameterFields,
			Message {

	/// t: 1 unless named.
	long stepOrDefault() {
		return (this.step != null) ? this.step : 1;
	}

	/// The precision of the step: F64 unless named.
	DType dtypeOrDefault() {
		return (this.dtype != null) ? this.dtype : DType.F64;
	}

	/// What else to answer: nothing unless named.
	Set<Extra> extras() {
		return (this.include != null) ? this.include : Set.of();
	}

}
