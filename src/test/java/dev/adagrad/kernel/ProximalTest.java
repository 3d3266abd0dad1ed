package dev.adagrad.kernel;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/// l1 and l2 beside TensorFlow's ApplyProximalAdagrad, and what they are for.
class ProximalTest {

	static LongStream seeds() {
		return LongStream.range(0, 50);
	}

	private static Hyperparameters proximal(double rate, double epsilon, double l1, double l2) {
		return new Hyperparameters(rate, epsilon, EpsilonPlacement.OUTSIDE_SQRT, 0, 0, WeightDecayMode.COUPLED, false,
				new Clipping.None(), l1, l2, 1);
	}

	/// TensorFlow's functor `ApplyProximalAdagrad` (training_ops.cc), which has no ε and
	/// multiplies by 1/√G: 20 steps from
	/// G = 0.1, its default.
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void givesWhatTensorFlowGives(long seed) {
		SplittableRandom random = new SplittableRandom(seed);
		double rate = random.nextDouble(0.01, 1);
		double l1 = random.nextInt(3) * 0.05;
		double l2 = random.nextInt(3) * 0.05;
		Hyperparameters h = proximal(rate, 0, l1, l2);
		double var = random.nextDouble(-2, 2);
		double accum = 0.1;
		double parameter = var;
		double G = accum;
		for (int step = 1; step <= 20; step++) {
			double grad = random.nextDouble(-1, 1);
			accum += grad * grad;
			double learningRate = rate * (1 / Math.sqrt(accum));
			double moved = var - grad * learningRate;
			var = (l1 > 0)
					? Math.signum(moved) * Math.max(Math.abs(moved) - learningRate * l1, 0) / (1 + l2 * learningRate)
					: moved / (1 + l2 * learningRate);
			StepResult result = Steps.step(h, step, Values.vector(DType.F64, new double[] { parameter }),
					Values.vector(DType.F64, new double[] { grad }), Values.vector(DType.F64, new double[] { G }),
					Set.of());
			parameter = result.parameter().valueAt(0);
			G = result.G().valueAt(0);
			assertThat(G).isCloseTo(accum, within(step * Math.ulp(accum)));
			// both go on from what they have, so what is rounded otherwise adds up
			assertThat(parameter).isCloseTo(var, within(step * 8 * Math.ulp(2.0)));
		}
	}

	@Test
	void aWeightThatTheGradientDoesNotDefendBecomesExactlyZero() {
		double parameter = 0.5;
		double G = 1;
		int steps = 0;
		while (parameter != 0 && steps < 1000) {
			StepResult result = Steps.step(proximal(0.1, 0, 0.1, 0), ++steps,
					Values.vector(DType.F64, new double[] { parameter }), Values.vector(DType.F64, new double[1]),
					Values.vector(DType.F64, new double[] { G }), Set.of());
			parameter = result.parameter().valueAt(0);
		}
		// 0.01 a step
		assertThat(steps).isBetween(50, 51);
	}

}
