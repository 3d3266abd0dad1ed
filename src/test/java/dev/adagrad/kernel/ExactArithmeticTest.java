package dev.adagrad.kernel;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

import dev.adagrad.tensor.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/// How far rounding takes the result from the exact one: at most 4 ulp of the larger of |θ| and |Δ| for the parameter,
/// and 1 ulp for G, without weight decay and clipping by norm, and where g² and G are 0 or normal.
class ExactArithmeticTest {

	private static final MathContext DIGITS = new MathContext(80);

	private static final int SIZE = 100;

	static LongStream seeds() {
		return LongStream.range(0, 60);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void isNear(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		for (DType dtype : DType.values()) {
			for (EpsilonPlacement placement : EpsilonPlacement.values()) {
				check(random, dtype, placement);
			}
		}
	}

	private static void check(RandomGenerator random, DType dtype, EpsilonPlacement placement) {
		// powers of two, so that the limit is the same in both dtypes
		Clipping clipping = random.nextBoolean() ? new Clipping.None() : new Clipping.ByValue(random.nextInt(2) + 0.5);
		Hyperparameters h = new Hyperparameters(pick(random, 1e-4, 0.01, 1), pick(random, 0, 1e-10, 1e-8, 1e-3),
				placement, pick(random, 0, 0, 0.1), 0, WeightDecayMode.COUPLED, random.nextBoolean(), clipping);
		long step = 1L + random.nextInt(1000);
		double[] parameter = new double[SIZE];
		double[] grad = new double[SIZE];
		double[] G = new double[SIZE];
		int range = (dtype == DType.F64) ? 140 : 16;
		for (int i = 0; i < SIZE; i++) {
			parameter[i] = dtype.round(magnitude(random, 5));
			grad[i] = dtype.round((random.nextInt(10) == 0) ? 0 : magnitude(random, random.nextBoolean() ? range : 3));
			G[i] = dtype.round((random.nextInt(4) == 0) ? 0 : Math.abs(magnitude(random, 2 * range)));
		}
		StepResult result = Steps.step(h, step, Values.vector(dtype, parameter), Values.vector(dtype, grad),
				Values.vector(dtype, G), Set.of());
		BigDecimal rate = new BigDecimal(h.learningRate())
			.divide(new BigDecimal(step - 1).multiply(new BigDecimal(h.lrDecay())).add(BigDecimal.ONE), DIGITS);
		BigDecimal epsilon = new BigDecimal(h.epsilon());
		for (int i = 0; i < SIZE; i++) {
			BigDecimal g = new BigDecimal(h.maximize() ? -grad[i] : grad[i]);
			if (clipping instanceof Clipping.ByValue(double limit)) {
				g = g.max(new BigDecimal(-limit)).min(new BigDecimal(limit));
			}
			BigDecimal exactG = new BigDecimal(G[i]).add(g.multiply(g));
			BigDecimal denominator = (placement == EpsilonPlacement.INSIDE_SQRT) ? exactG.add(epsilon).sqrt(DIGITS)
					: exactG.sqrt(DIGITS).add(epsilon);
			BigDecimal delta = (denominator.signum() == 0) ? BigDecimal.ZERO
					: rate.multiply(g).divide(denominator, DIGITS);
			BigDecimal exactParameter = new BigDecimal(parameter[i]).subtract(delta);
			double largest = Math.max(Math.abs(parameter[i]), Math.abs(delta.doubleValue()));
			assertThat(ulps(dtype, result.parameter().valueAt(i), exactParameter, largest))
				.as("parameter: θ %s, g %s, G %s, %s, step %d", parameter[i], grad[i], G[i], h, step)
				.isLessThanOrEqualTo(4);
			assertThat(ulps(dtype, result.G().valueAt(i), exactG, exactG.doubleValue()))
				.as("G: g %s, G %s, %s", grad[i], G[i], h)
				.isLessThanOrEqualTo(1);
		}
	}

	private static double ulps(DType dtype, double actual, BigDecimal exact, double of) {
		return new BigDecimal(actual).subtract(exact)
			.abs()
			.divide(new BigDecimal(Values.ulp(dtype, of)), DIGITS)
			.doubleValue();
	}

	/// Either sign, spread evenly over the powers of ten from −`range` to `range`.
	private static double magnitude(RandomGenerator random, int range) {
		return random.nextDouble(-10, 10) * Math.pow(10, random.nextInt(-range, range + 1));
	}

	private static double pick(RandomGenerator random, double... choices) {
		return choices[random.nextInt(choices.length)];
	}

}
