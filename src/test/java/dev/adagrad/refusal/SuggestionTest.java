package dev.adagrad.refusal;

import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// What users of other libraries write, and what they mean by it.
class SuggestionTest {

	private static final List<String> FIELDS = List.of("parameter", "grad", "G", "tensors", "step", "dtype", "preset",
			"learning_rate", "epsilon", "epsilon_placement", "lr_decay", "weight_decay", "weight_decay_mode", "l1",
			"l2", "maximize", "clip_value", "clip_norm", "clip_norm_scope", "include");

	@ParameterizedTest
	@CsvSource({ "lr, learning_rate", "LR, learning_rate", "eta, learning_rate", "learningRate, learning_rate",
			"params, parameter", "theta, parameter", "weights, parameter", "w, parameter", "gradient, grad",
			"gradients, grad", "grads, grad", "accumulator, G", "state_sum, G", "sum, G", "g, grad", "eps, epsilon",
			"decay, lr_decay", "wd, weight_decay", "t, step", "max_norm, clip_norm", "type, dtype",
			"stabilizer, epsilon", "model, tensors", "optimizer, preset" })
	void whatOthersCallItIsUnderstood(String name, String meant) {
		assertThat(Suggestion.of(name, FIELDS)).contains("did you mean \"" + meant + "\"?");
	}

	@ParameterizedTest
	@CsvSource({ "lr, learning_rate_scale", "wd, weight_decay" })
	void ofATensorWithoutALearningRateItsScale(String name, String meant) {
		assertThat(Suggestion.nearest(name, List.of("parameter", "learning_rate_scale", "weight_decay", "l1", "l2")))
			.contains(meant);
	}

	@ParameterizedTest
	@CsvSource({ "float32, F32", "float, F32", "float64, F64", "double, F64", "f32, F32" })
	void dtypesOfOthers(String name, String meant) {
		assertThat(Suggestion.nearest(name, List.of("F64", "F32"))).contains(meant);
	}

	@ParameterizedTest
	@CsvSource({ "pytorch, torch", "tensorflow, keras", "jax, optax", "Torch, torch" })
	void presetsOfOthers(String name, String meant) {
		assertThat(Suggestion.nearest(name, List.of("torch", "keras", "optax"))).contains(meant);
	}

	@ParameterizedTest
	@CsvSource({ "''", "z", "momentum", "beta1", "foo", "optimizer_state_dict" })
	void whatIsLikeNoneIsLikeNone(String name) {
		assertThat(Suggestion.nearest(name, FIELDS)).isEmpty();
	}

	/// `float32` is a dtype, but where there are other names it is none of them.
	@ParameterizedTest
	@CsvSource({ "float32", "lr", "pytorch" })
	void onlyWhatThereIsIsNamed(String name) {
		assertThat(Suggestion.nearest(name, List.of("limit", "after"))).isEmpty();
	}

}
