package dev.adagrad.request;

import java.util.Map;

import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.Preset;
import dev.adagrad.kernel.WeightDecayMode;
import org.jspecify.annotations.Nullable;

/// The hyperparameters as fields of a request, each null if the client left it out. Values of an implementation have
/// been validated.
public interface HyperparameterFields {

	@Nullable Preset preset();

	@Nullable Double learningRate();

	@Nullable Double epsilon();

	@Nullable EpsilonPlacement epsilonPlacement();

	@Nullable Double lrDecay();

	@Nullable Double weightDecay();

	@Nullable WeightDecayMode weightDecayMode();

	@Nullable Double l1();

	@Nullable Double l2();

	@Nullable Boolean maximize();

	@Nullable Double clipValue();

	@Nullable Double clipNorm();

	Clipping.@Nullable Scope clipNormScope();

	/// The settings of single tensors of a model, by their names.
	default Map<String, ? extends TensorFields> own() {
		return Map.of();
	}

	/// The hyperparameters in force: the defaults (those of the preset, if the client
	/// names one), overridden by the values that the client names.
	default Hyperparameters hyperparameters() {
		Preset preset = preset();
		Hyperparameters defaults = (preset != null) ? preset.hyperparameters() : Hyperparameters.defaults();
		return new Hyperparameters(or(learningRate(), defaults.learningRate()), or(epsilon(), defaults.epsilon()),
				or(epsilonPlacement(), defaults.epsilonPlacement()), or(lrDecay(), defaults.lrDecay()),
				or(weightDecay(), defaults.weightDecay()), or(weightDecayMode(), defaults.weightDecayMode()),
				or(maximize(), defaults.maximize()), clipping(defaults.clipping()), or(l1(), defaults.l1()),
				or(l2(), defaults.l2()), defaults.learningRateScale());
	}

	private Clipping clipping(Clipping defaultClipping) {
		Double value = clipValue();
		if (value != null) {
			return new Clipping.ByValue(value);
		}
		Double norm = clipNorm();
		return (norm != null) ? new Clipping.ByNorm(norm, or(clipNormScope(), Clipping.Scope.GLOBAL)) : defaultClipping;
	}

	private static <T> T or(@Nullable T value, T defaultValue) {
		return (value != null) ? value : defaultValue;
	}

}
