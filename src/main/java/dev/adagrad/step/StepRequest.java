package dev.adagrad.step;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.Include;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.request.AloneOrNamed;
import dev.adagrad.request.HyperparameterFields;
import dev.adagrad.request.NonNegativeElements;
import dev.adagrad.request.OneClipping;
import dev.adagrad.request.Rules;
import dev.adagrad.request.TensorFields;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;

/// One stateless step, as a client asks for it.
///
/// `parameter`, `grad` and `G` are all numbers or all arrays of one shape, every element finite, those of `G` ≥ 0.
/// Instead, a request may have `tensors`, with the same three for each tensor of a model, by its name. Everything else
/// may be left out.
///
/// @param parameter θ, before the step
/// @param grad the gradient at θ
/// @param G the sum of the squares of the gradients so far
/// @param tensors the tensors of a model by their names
/// @param step t, the 1-based number of this step
/// @param dtype the precision of the whole step
/// @param include what else to put into the answer
/// @see HyperparameterFields
@AloneOrNamed
@MatchingLengths
@OneClipping
record StepRequest(
// @formatter:off
		@Nullable Numbers parameter,
		@Nullable Numbers grad,
		@JsonProperty("G") @NonNegativeElements @Nullable Numbers G,
		@Nullable Map<String, @Valid TensorStepRequest> tensors,
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
		@JsonProperty("clip_norm_scope") Clipping.@Nullable Scope clipNormScope,
		@Nullable Set<Include> include) implements SteppedTensor, HyperparameterFields, AloneOrNamed.Fields, Message {
		// @formatter:on

	/// t; 1 unless the client gives it.
	long stepOrDefault() {
		return (this.step != null) ? this.step : 1;
	}

	/// The precision of the step; F64 unless the client gives it.
	DType dtypeOrDefault() {
		return (this.dtype != null) ? this.dtype : DType.F64;
	}

	/// What else to put into the answer; nothing unless the client asks for it.
	Set<Include> included() {
		return (this.include != null) ? this.include : Set.of();
	}

	/// The tensors of the step, by their names: a single one without a name, or those of
	/// a model.
	List<NamedStep> named() {
		Hyperparameters all = hyperparameters();
		if (this.tensors == null) {
			return List.of(NamedStep.alone(this, all));
		}
		return this.tensors.entrySet()
			.stream()
			.map((named) -> NamedStep.of(named.getKey(), named.getValue(), all))
			// names are ASCII, so the order of the characters is that of the bytes
			.sorted(Comparator.comparing(NamedStep::name))
			.toList();
	}

	@Override
	public void alone(AloneOrNamed.Field each) {
		each.is("parameter", this.parameter, Rules.REQUIRED);
		each.is("grad", this.grad, Rules.REQUIRED);
		each.is("G", this.G, Rules.G_REQUIRED);
	}

	@Override
	public Map<String, ? extends TensorFields> own() {
		return (this.tensors != null) ? this.tensors : Map.of();
	}

	/// Counts the tensors in the step's precision if they must be converted, the results
	/// beyond the parameter and G, which are stepped in place, and the copies that join
	/// several tensors.
	@Override
	public long workingBytes() {
		DType precision = dtypeOrDefault();
		int included = included().size();
		if (this.tensors == null) {
			return workingBytes(precision, included, false);
		}
		boolean joined = this.tensors.size() > 1;
		return this.tensors.values()
			.stream()
			.mapToLong((tensor) -> tensor.workingBytes(precision, included, joined))
			.sum();
	}

}
