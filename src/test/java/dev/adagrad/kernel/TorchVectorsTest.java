package dev.adagrad.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/// Against what PyTorch computed. Each step starts from PyTorch's own state, so that errors do not add up.
class TorchVectorsTest {

	private static final int CASES = 38;

	private static final int STEPS = 152;

	/// PyTorch may fuse g² into the sum, and λθ into g, which saves a rounding each.
	private static final int ULPS_OF_G = 4;

	static List<JsonNode> cases() throws IOException {
		try (InputStream in = TorchVectorsTest.class.getResourceAsStream("/vectors/torch-adagrad-dense.json")) {
			return JsonMapper.shared().readTree(in).get("cases").valueStream().toList();
		}
	}

	@Test
	void areAllThere() throws IOException {
		assertThat(cases()).hasSize(CASES);
		assertThat(cases().stream().mapToInt((vector) -> vector.get("steps").size()).sum()).isEqualTo(STEPS);
	}

	@ParameterizedTest(name = "case {index}")
	@MethodSource("cases")
	void agree(JsonNode vector) {
		DType dtype = DType.valueOf(vector.get("dtype").stringValue());
		int ulps = (dtype == DType.F64) ? 8 : 16;
		JsonNode hyperparameters = vector.get("hyperparameters");
		Hyperparameters h = new Hyperparameters(hyperparameters.get("learning_rate").doubleValue(),
				hyperparameters.get("epsilon").doubleValue(), EpsilonPlacement.OUTSIDE_SQRT,
				hyperparameters.get("lr_decay").doubleValue(), hyperparameters.get("weight_decay").doubleValue(),
				WeightDecayMode.COUPLED, hyperparameters.get("maximize").booleanValue(), new Clipping.None());
		double[] parameter = doubles(vector.get("parameter"));
		double[] G = new double[parameter.length];
		Arrays.fill(G, hyperparameters.get("initial_accumulator_value").doubleValue());
		long step = 0;
		for (JsonNode expected : vector.get("steps")) {
			step++;
			StepResult actual = Steps.step(h, step, Values.vector(dtype, parameter),
					Values.vector(dtype, doubles(expected.get("grad"))), Values.vector(dtype, G),
					Set.of(Include.UPDATE));
			Tensor update = actual.included().get(Include.UPDATE);
			assertThat(update).isNotNull();
			double[] nextParameter = doubles(expected.get("parameter"));
			double[] nextG = doubles(expected.get("G"));
			for (int i = 0; i < parameter.length; i++) {
				double largest = Math.max(Math.abs(parameter[i]), Math.abs(update.valueAt(i)));
				assertThat(actual.parameter().valueAt(i)).as("parameter[%d] after step %d", i, step)
					.isBetween(nextParameter[i] - ulps * Values.ulp(dtype, largest),
							nextParameter[i] + ulps * Values.ulp(dtype, largest));
				assertThat(actual.G().valueAt(i)).as("G[%d] after step %d", i, step)
					.isBetween(nextG[i] - ULPS_OF_G * Values.ulp(dtype, nextG[i]),
							nextG[i] + ULPS_OF_G * Values.ulp(dtype, nextG[i]));
			}
			parameter = nextParameter;
			G = nextG;
		}
		assertThat(step).isPositive();
	}

	private static double[] doubles(JsonNode array) {
		return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
	}

}
