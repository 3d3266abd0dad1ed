package dev.adagrad.request;

import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.Hyperparameters;
import org.jspecify.annotations.Nullable;

/// The settings that one tensor of a model may have, each null if the client left it out. Values of an implementation
/// have been validated.
public interface TensorFields {

	@Nullable Accumulator accumulator();

	@Nullable Double learningRateScale();

	@Nullable Double weightDecay();

	@Nullable Double l1();

	@Nullable Double l2();

	@Nullable Double clipValue();

	@Nullable Boolean frozen();

	/// Whether each row has one element of G.
	default boolean isRowWise() {
		return accumulator() == Accumulator.ROW;
	}

	/// Whether neither the parameter nor G moves.
	default boolean isFrozen() {
		Boolean frozen = frozen();
		return frozen != null && frozen;
	}

	/// The hyperparameters in force for the tensor: those of all tensors, overridden by
	/// its own settings.
	default Hyperparameters hyperparameters(Hyperparameters all) {
		Double limit = clipValue();
		return new Hyperparameters(all.learningRate(), all.epsilon(), all.epsilonPlacement(), all.lrDecay(),
				or(weightDecay(), all.weightDecay()), all.weightDecayMode(), all.maximize(),
				(limit != null) ? new Clipping.ByValue(limit) : all.clipping(), or(l1(), all.l1()), or(l2(), all.l2()),
				or(learningRateScale(), all.learningRateScale()));
	}

	private static double or(@Nullable Double value, double defaultValue) {
		return (value != null) ? value : defaultValue;
	}

}
