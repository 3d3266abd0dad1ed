package dev.adagrad.kernel;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// The loops give the bits of the slow reference, a step replayed from the G it led to gives them again, and refuse the same steps for the same element, at sizes around the
/// lengths of vectors.
class AgainstReferenceTest {

	private static final int[] SIZES = { 0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 100, 1000 };

	private static final int STEPS_PER_SIZE = 4;

	static LongStream seeds() {
		return LongStream.range(0, 120);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void givesTheBitsOfTheReference(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		for (int size : SIZES) {
			for (int k = 0; k < STEPS_PER_SIZE; k++) {
				check(RandomStep.of(random, size), EnumSet.noneOf(Include.class));
				check(RandomStep.of(random, size), EnumSet.of(Include.UPDATE));
				check(RandomStep.of(random, size), EnumSet.of(Include.EFFECTIVE_LEARNING_RATE, Include.UPDATE));
			}
		}
	}

	private static void check(RandomStep step, Set<Include> include) {
		double[] parameter = Values.of(step.parameter());
		double[] grad = Values.of(step.grad());
		double[] G = Values.of(step.G());
		ReferenceAdaGrad.Outcome expected = new ReferenceAdaGrad(step.dtype(), step.h(), step.step()).step(parameter,
				grad, G, include.contains(Include.EFFECTIVE_LEARNING_RATE));
		switch (expected) {
			case ReferenceAdaGrad.Refusal refusal -> {
				NonFiniteResultException ex = catchThrowableOfType(NonFiniteResultException.class,
						() -> Steps.step(step.h(), step.step(), step.parameter(), step.grad(), step.G(), include));
				assertThat(ex).as("%s", step).isNotNull();
				assertThat(new ReferenceAdaGrad.Refusal(ex.tensorName(), (int) ex.index())).as("%s", step)
					.isEqualTo(refusal);
				assertThat(ex.value()).isNotFinite();
				assertThatThrownBy(() -> inPlace(step, include)).as("%s", step).hasMessage(ex.getMessage());
			}
			case ReferenceAdaGrad.Result result -> {
				StepResult actual = Steps.step(step.h(), step.step(), step.parameter(), step.grad(), step.G(), include);
				assertBits(step, actual.parameter(), result.parameter());
				assertBits(step, actual.G(), result.G());
				assertBits(step, include.contains(Include.UPDATE), actual.included().get(Include.UPDATE),
						result.update());
				assertBits(step, include.contains(Include.EFFECTIVE_LEARNING_RATE),
						actual.included().get(Include.EFFECTIVE_LEARNING_RATE), result.effectiveLearningRate());
				StepResult inPlace = inPlace(step, include);
				assertBits(step, inPlace.parameter(), result.parameter());
				assertBits(step, inPlace.G(), result.G());
				assertBits(step, include.contains(Include.UPDATE), inPlace.included().get(Include.UPDATE),
						result.update());
				assertBits(step, include.contains(Include.EFFECTIVE_LEARNING_RATE),
						inPlace.included().get(Include.EFFECTIVE_LEARNING_RATE), result.effectiveLearningRate());
				StepResult replayed = Steps.replay(step.h(), step.step(), step.parameter(), step.grad(), actual.G(),
						include);
				assertBits(step, replayed.parameter(), result.parameter());
				assertBits(step, replayed.G(), result.G());
				assertBits(step, include.contains(Include.UPDATE), replayed.included().get(Include.UPDATE),
						result.update());
				if (include.contains(Include.EFFECTIVE_LEARNING_RATE)) {
					assertBits(step, Steps.effectiveLearningRate(step.h(), step.step(), actual.G()),
							result.effectiveLearningRate());
				}
			}
		}
		assertThat(Values.of(step.parameter())).as("%s", step).containsExactly(parameter);
		assertThat(Values.of(step.grad())).as("%s", step).containsExactly(grad);
		assertThat(Values.of(step.G())).as("%s", step).containsExactly(G);
	}

	/// With copies, which may be written to, and of which no bounds are known.
	private static StepResult inPlace(RandomStep step, Set<Include> include) {
		return Steps.stepInPlace(step.h(), step.step(), copy(step.parameter()), copy(step.grad()), copy(step.G()),
				include);
	}

	private static Tensor copy(Tensor tensor) {
		return switch (tensor) {
			case DoubleTensor doubles -> DoubleTensor.proved(doubles.shape(), doubles.values().clone());
			case FloatTensor floats -> FloatTensor.proved(floats.shape(), floats.values().clone());
		};
	}

	private static void assertBits(RandomStep step, boolean wanted, @Nullable Tensor actual, Tensor expected) {
		if (wanted) {
			assertBits(step, actual, expected);
		}
		else {
			assertThat(actual).as("%s", step).isNull();
		}
	}

	private static void assertBits(RandomStep step, @Nullable Tensor actual, Tensor expected) {
		assertThat(actual).as("%s", step).isNotNull();
		assertThat(Values.bits(actual)).as("%s", step).isEqualTo(Values.bits(expected));
	}

}
