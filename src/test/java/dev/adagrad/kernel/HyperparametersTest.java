package dev.adagrad.kernel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class HyperparametersTest {

	private static Hyperparameters of(double learningRate, double epsilon, double lrDecay, double weightDecay) {
		return new Hyperparameters(learningRate, epsilon, EpsilonPlacement.OUTSIDE_SQRT, lrDecay, weightDecay,
				WeightDecayMode.COUPLED, false, new Clipping.None());
	}

	@ParameterizedTest
	@ValueSource(doubles = { -1, -Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY })
	void refusesWhatIsNotFiniteAndNonNegative(double bad) {
		assertThatIllegalArgumentException().isThrownBy(() -> of(bad, 0, 0, 0))
			.withMessage("learning_rate must be finite and >= 0, was " + bad);
		assertThatIllegalArgumentException().isThrownBy(() -> of(0, bad, 0, 0))
			.withMessage("epsilon must be finite and >= 0, was " + bad);
		assertThatIllegalArgumentException().isThrownBy(() -> of(0, 0, bad, 0))
			.withMessage("lr_decay must be finite and >= 0, was " + bad);
		assertThatIllegalArgumentException().isThrownBy(() -> of(0, 0, 0, bad))
			.withMessage("weight_decay must be finite and >= 0, was " + bad);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, -1, Double.NaN, Double.POSITIVE_INFINITY })
	void refusesALimitThatIsNotFiniteAndPositive(double bad) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Clipping.ByValue(bad))
			.withMessage("clip_value must be finite and > 0, was " + bad);
		assertThatIllegalArgumentException().isThrownBy(() -> new Clipping.ByNorm(bad, Clipping.Scope.GLOBAL))
			.withMessage("clip_norm must be finite and > 0, was " + bad);
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, Double.MIN_VALUE, Double.MAX_VALUE })
	void takesTheEndsOfTheRange(double good) {
		assertThat(of(good, good, good, good).weightDecay()).isEqualTo(good);
	}

	@Test
	void hasTheDefaultsOfTheContract() {
		assertThat(Hyperparameters.defaults()).isEqualTo(of(0.01, 1e-8, 0, 0));
	}

	@ParameterizedTest
	@CsvSource({ "TORCH, 0.01, 1e-10, OUTSIDE_SQRT, COUPLED, 0", "KERAS, 0.001, 1e-7, INSIDE_SQRT, DECOUPLED, 0.1",
			"OPTAX, 0.01, 1e-7, INSIDE_SQRT, COUPLED, 0.1" })
	void presetsAreTheDefaultsOfTheirLibraries(Preset preset, double learningRate, double epsilon,
			EpsilonPlacement placement, WeightDecayMode mode, double initialAccumulatorValue) {
		assertThat(preset.hyperparameters())
			.isEqualTo(new Hyperparameters(learningRate, epsilon, placement, 0, 0, mode, false, new Clipping.None()));
		assertThat(preset.initialAccumulatorValue()).isEqualTo(initialAccumulatorValue);
	}

	@ParameterizedTest
	@EnumSource
	void atTheFirstStepTheRateIsTheLearningRate(Preset preset) {
		Hyperparameters h = preset.hyperparameters();
		assertThat(h.effectiveRate(1)).isEqualTo(h.learningRate());
		assertThat(h.effectiveRate(Long.MAX_VALUE)).isEqualTo(h.learningRate());
	}

	@ParameterizedTest
	@CsvSource({ "0.01, 0.5, 1, 0.01", "0.01, 0.5, 3, 0.005", "1, 1, 9007199254740993, 0x1p-53",
			// t − 1 = 2⁵³ + 3 becomes 2⁵³ + 4
			"1, 1, 9007199254740996, 0x1.ffffffffffffcp-54", "1, 1, 9223372036854775807, 0x1p-63",
			"1, 1e308, 9223372036854775807, 0" })
	void fallsWithTheStep(double learningRate, double lrDecay, long step, String expected) {
		assertThat(of(learningRate, 0, lrDecay, 0).effectiveRate(step)).isEqualTo(Double.parseDouble(expected));
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void countsStepsFromOne(long step) {
		assertThatIllegalArgumentException().isThrownBy(() -> Hyperparameters.defaults().effectiveRate(step))
			.withMessage("step must be >= 1, was " + step);
	}

}
