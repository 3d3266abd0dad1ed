package dev.adagrad.kernel;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

import dev.adagrad.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// The loops give the bits of the slow reference, and refuse the same steps for the same element, at sizes around the
/// lengths of vectors.
class AgainstReferenceTest {

	private static final int[] SIZES = { 0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 100, 1000 };

	private static final int STEPS_PER_SIZE = 10;

	static LongStream seeds() {
		return LongStream.range(0, 250);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void givesTheBitsOfTheReference(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		for (int size : SIZES) {
			for (int k = 0; k < STEPS_PER_SIZE; k++) {
				check(RandomStep.of(random, size), EnumSet.noneOf(Extra.class));
				check(RandomStep.of(random, size), EnumSet.of(Extra.UPDATE));
				check(RandomStep.of(random, size), EnumSet.allOf(Extra.class));
			}
		}
	}

	private static void check(RandomStep step, Set<Extra> extras) {
		Object expected = new ReferenceAdaGrad(step.dtype(), step.h(), step.step()).step(step.parameter(), step.grad(),
				step.G(), extras.contains(Extra.EFFECTIVE_LEARNING_RATE));
		Tensor parameter = Values.vector(step.dtype(), step.parameter());
		Tensor grad = Values.vector(step.dtype(), step.grad());
		Tensor G = Values.vector(step.dtype(), step.G());
		switch (expected) {
			case ReferenceAdaGrad.Refusal refusal -> {
				NonFiniteResultException ex = catchThrowableOfType(NonFiniteResultException.class,
						() -> AdaGrad.step(step.h(), step.step(), parameter, grad, G, extras));
				assertThat(ex).as(step.toString()).isNotNull();
				assertThat(new ReferenceAdaGrad.Refusal(ex.tensorName(), ex.index())).as(step.toString())
					.isEqualTo(refusal);
				assertThat(ex.value()).isNotFinite();
			}
			case ReferenceAdaGrad.Result result -> {
				StepResult actual = AdaGrad.step(step.h(), step.step(), parameter, grad, G, extras);
				assertBits(step, actual.parameter(), result.parameter());
				assertBits(step, actual.G(), result.G());
				assertBits(step, extras.contains(Extra.UPDATE), actual.update(), result.update());
				assertBits(step, extras.contains(Extra.EFFECTIVE_LEARNING_RATE), actual.effectiveLearningRate(),
						result.effectiveLearningRate());
			}
			default -> throw new AssertionError(expected);
		}
		assertBits(step, parameter, step.parameter());
		assertBits(step, grad, step.grad());
		assertBits(step, G, step.G());
	}

	private static void assertBits(RandomStep step, boolean wanted, Tensor actual, double[] expected) {
		if (wanted) {
			assertBits(step, actual, expected);
		}
		else {
			assertThat(actual).as(step.toString()).isNull();
		}
	}

	private static void assertBits(RandomStep step, Tensor actual, double[] expected) {
		assertThat(Values.bits(actual)).as(step.toString()).isEqualTo(Values.bits(expected));
	}

}
