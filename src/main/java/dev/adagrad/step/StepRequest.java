package dev.adagrad.step;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Include;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.request.HyperparameterFields;
import dev.adagrad.request.NonNegativeElements;
import dev.adagrad.request.OneClipping;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
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
/// @see HyperparameterFields
@MatchingLengths
@OneClipping
record StepRequest(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) Numbers parameter,
		@NotNull(message = Rules.REQUIRED) Numbers grad,
		@JsonProperty("G") @NotNull(message = Rules.REQUIRED) @NonNegativeElements Numbers G,
		@Min(value = 1, message = "must be ≥ 1") @Nullable Long step,
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
		@Nullable Set<Include> include) implements HyperparameterFields, Message {
		// @formatter:on

	/// t: 1 unless named.
	long stepOrDefault() {
		return (this.step != null) ? this.step : 1;
	}

	/// The precision of the step: F64 unless named.
	DType dtypeOrDefault() {
		return (this.dtype != null) ? this.dtype : DType.F64;
	}

	/// What else to answer: nothing unless named.
	Set<Include> included() {
		return (this.include != null) ? this.include : Set.of();
	}

	/// The tensors in the step's precision, where that is another, and what is answered
	/// beyond the two that are stepped in their place.
	@Override
	public long workingBytes() {
		DType precision = dtypeOrDefault();
		return this.parameter.bytesOfCopy(precision) + this.grad.bytesOfCopy(precision) + this.G.bytesOfCopy(precision)
				+ (long) included().size() * this.parameter.size() * precision.bytes();
	}

}
