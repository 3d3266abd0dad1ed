package dev.adagrad.kernel;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class AdaGradTest {

	private static final Set<Include> ALL = EnumSet.of(Include.EFFECTIVE_LEARNING_RATE, Include.UPDATE);

	static LongStream seeds() {
		return LongStream.range(0, 40);
	}

	private static Hyperparameters of(double learningRate, double epsilon, EpsilonPlacement placement) {
		return new Hyperparameters(learningRate, epsilon, placement, 0, 0, WeightDecayMode.COUPLED, false,
				new Clipping.None());
	}

	private static Hyperparameters decaying(double weightDecay, WeightDecayMode mode) {
		return new Hyperparameters(0.01, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0, weightDecay, mode, false,
				new Clipping.None());
	}

	private static Hyperparameters clipping(Clipping clipping) {
		return new Hyperparameters(0.01, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0, 0, WeightDecayMode.COUPLED, false,
				clipping);
	}

	@Test
	void whatIsProvedInPlaceIsProvedOfWhatWentIn() {
		// of the gradient scaled once the square is beyond F32, of it scaled twice it is
		// not
		FloatTensor grad = FloatTensor.proved(Shape.vector(1), new float[] { 3e38f });
		NonFiniteResultException ex = catchThrowableOfType(NonFiniteResultException.class,
				() -> Steps.stepInPlace(clipping(new Clipping.ByNorm(1e25, Clipping.Scope.GLOBAL)), 1,
						FloatTensor.vector(1), grad, FloatTensor.vector(1), Set.of()));
		assertThat(ex).isNotNull();
		assertThat(ex.tensorName()).isEqualTo("G");
	}

	@Test
	void refusesTensorsThatDoNotMatch() {
		Tensor two = DoubleTensor.vector(1, 2);
		Tensor three = DoubleTensor.vector(1, 2, 3);
		Hyperparameters h = Hyperparameters.defaults();
		assertThatIllegalArgumentException().isThrownBy(() -> Steps.step(h, 1, two, three, two, Set.of()))
			.withMessage("grad has 3 elements, parameter has 2");
		assertThatIllegalArgumentException().isThrownBy(() -> Steps.step(h, 1, two, two, three, Set.of()))
			.withMessage("G has 3 elements, parameter has 2");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Steps.step(h, 1, two, two, Values.vector(DType.F32, 1, 2), Set.of()))
			.withMessage("G is F32, parameter is F64");
		assertThatIllegalArgumentException().isThrownBy(() -> Steps.step(h, 0, two, two, two, Set.of()))
			.withMessage("step must be >= 1, was 0");
	}

	@ParameterizedTest
	@EnumSource
	void refusesANegativeG(DType dtype) {
		Tensor ones = Values.vector(dtype, 1, 1, 1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Steps.step(Hyperparameters.defaults(), 1, ones, ones,
					Values.vector(dtype, -0.0, -0.5, -1), Set.of()))
			.withMessage("G must be >= 0, was -0.5 at index 1");
	}

	@ParameterizedTest
	@EnumSource
	void refusesANegativeGInPlace(DType dtype) {
		Tensor ones = Values.vector(dtype, 1, 1, 1);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Steps.stepInPlace(Hyperparameters.defaults(), 1, ones, ones,
					Values.vector(dtype, -0.0, -0.5, -1), Set.of()))
			.withMessage("G must be >= 0, was -0.5 at index 1");
	}

	@ParameterizedTest
	@EnumSource
	void refusesANegativeGOfAfterTheStep(DType dtype) {
		Tensor ones = Values.vector(dtype, 1, 1, 1);
		Tensor negative = Values.vector(dtype, 1, 1, -0.5);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Steps.replay(Hyperparameters.defaults(), 1, ones, ones, negative, Set.of()))
			.withMessage("G must be >= 0, was -0.5 at index 2");
		// with such an ε the root of a negative number would go unnoticed
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Steps.effectiveLearningRate(of(1, 1, EpsilonPlacement.INSIDE_SQRT), 1, negative))
			.withMessage("G must be >= 0, was -0.5 at index 2");
	}

	/// The step is proved by the denominator of where ε stands. Outside, G = 0 + 1e-4²
	/// and so Δ = η·1e-4 / 2e-4; inside,
	/// Δ = η / √(1 + 1e4). With ε at the other place Δ would be a hundredth, and the sum
	/// not beyond the dtype.
	@ParameterizedTest
	@CsvSource({ "F64, OUTSIDE_SQRT, 1e-4, 1e-4, 1e308, -1.7e308", "F32, OUTSIDE_SQRT, 1e-4, 1e-4, 1e38, -3e38",
			"F64, INSIDE_SQRT, 1e4, 1, 1.7e308, -1.797e308", "F32, INSIDE_SQRT, 1e4, 1, 3.4e38, -3.4e38" })
	void whereEpsilonStandsDecidesWhetherAStepIsRefused(DType dtype, EpsilonPlacement placement, double epsilon,
			double g, double rate, double theta) {
		NonFiniteResultException ex = refusal(of(rate, epsilon, placement), dtype, new double[] { theta },
				new double[] { g }, new double[] { 0 }, Set.of());
		assertThat(ex).isNotNull();
		assertThat(ex.tensorName()).isEqualTo("parameter");
	}

	/// A step moves away from 0 as well as towards it: what is proved for all elements at
	/// once must hold for both.
	@ParameterizedTest
	@CsvSource({ "F64, 1e308, 0, -1.797e308, 0.01", "F32, 1e38, 0, -3.4e38, 0.01", "F64, 1.7e308, 3.5, 0.42e308, 0.8",
			"F32, 3.218e38, 3.5, 0.795e38, 0.8" })
	void whatGoesBeyondTheDtypeOnEitherSideIsRefused(DType dtype, double rate, double rateTimesDecay, double theta,
			double g) {
		Hyperparameters h = new Hyperparameters(rate, 0, EpsilonPlacement.OUTSIDE_SQRT, 0, rateTimesDecay / rate,
				WeightDecayMode.DECOUPLED, false, new Clipping.None());
		NonFiniteResultException ex = catchThrowableOfType(NonFiniteResultException.class, () -> Steps.step(h, 1,
				Values.vector(dtype, theta), Values.vector(dtype, g), Values.vector(dtype, 1), Set.of()));
		assertThat(ex).isNotNull();
		assertThat(ex.tensorName()).isEqualTo("parameter");
	}

	@Test
	void resultsHaveTheShapeOfTheParameter() {
		Shape shape = new Shape(List.of(2, 1, 2));
		Tensor parameter = DoubleTensor.of(shape, 1, 2, 3, 4);
		Tensor flat = DoubleTensor.vector(1, 2, 3, 4);
		StepResult result = Steps.step(Hyperparameters.defaults(), 1, parameter, flat, flat, ALL);
		assertThat(List.of(result.parameter(), result.G())).allSatisfy((tensor) -> {
			assertThat(tensor.shape()).isEqualTo(shape);
			assertThat(tensor.size()).isEqualTo(4);
		});
		assertThat(result.included().get(Include.UPDATE)).isNotNull().extracting(Tensor::shape).isEqualTo(shape);
		assertThat(result.included().get(Include.EFFECTIVE_LEARNING_RATE)).isNotNull()
			.extracting(Tensor::shape)
			.isEqualTo(shape);
	}

	/// The square of the first gradient is 0, and so is ε, in that dtype.
	@ParameterizedTest
	@CsvSource({ "F64, 0, 1e-200", "F32, 0, 1e-30", "F32, 1e-300, 1e-30" })
	void whereTheDenominatorIsZeroNothingMoves(DType dtype, double epsilon, double tinyGrad) {
		Tensor zeros = Values.vector(dtype, 0, -0.0, 0);
		Tensor grad = Values.vector(dtype, tinyGrad, -0.0, 2);
		Tensor parameter = Values.vector(dtype, 5, -0.0, 7);
		for (EpsilonPlacement placement : EpsilonPlacement.values()) {
			Hyperparameters h = of(1, epsilon, placement);
			StepResult result = Steps.step(h, 1, parameter, grad, zeros, ALL);
			assertThat(Values.bits(result.parameter())).isEqualTo(Values.bits(5, -0.0, 6));
			assertThat(Values.bits(result.G())).isEqualTo(Values.bits(0, 0, 4));
			assertThat(result.included().get(Include.UPDATE)).isNotNull();
			assertThat(Values.bits(result.included().get(Include.UPDATE))).isEqualTo(Values.bits(0, 0, 1));
			assertThat(result.included().get(Include.EFFECTIVE_LEARNING_RATE)).isNotNull();
			assertThat(Values.bits(result.included().get(Include.EFFECTIVE_LEARNING_RATE)))
				.isEqualTo(Values.bits(0, 0, 0.5));
			StepResult plain = Steps.step(h, 1, parameter, grad, zeros, Set.of());
			assertThat(Values.bits(plain.parameter())).isEqualTo(Values.bits(5, -0.0, 6));
		}
	}

	@ParameterizedTest
	@EnumSource
	void anInfiniteEpsilonMovesNothing(EpsilonPlacement placement) {
		StepResult result = Steps.step(of(1, 1e300, placement), 1, Values.vector(DType.F32, 1, 2),
				Values.vector(DType.F32, 3, -4), Values.vector(DType.F32, 0, 9), Set.of());
		assertThat(Values.bits(result.parameter())).isEqualTo(Values.bits(1, 2));
		assertThat(Values.bits(result.G())).isEqualTo(Values.bits(9, 25));
	}

	@ParameterizedTest
	@CsvSource({ "F64, 1e200, 1.5e308", "F32, 1e30, 3e38" })
	void namesTheFirstElementThatIsNotFinite(DType dtype, double hugeGrad, double hugeRate) {
		Hyperparameters h = of(hugeRate, 0.5, EpsilonPlacement.OUTSIDE_SQRT);
		// g² overflows where g is huge; θ − Δ where g is 1 and θ as huge as the rate;
		// the effective learning rate where G is 0
		NonFiniteResultException parameterFirst = refusal(h, dtype, new double[] { 0, -hugeRate, 0 },
				new double[] { 0, 1, hugeGrad }, new double[] { 1, 1, 1 }, ALL);
		assertThat(parameterFirst.tensorName()).isEqualTo("parameter");
		assertThat(parameterFirst.index()).isEqualTo(1);
		assertThat(parameterFirst.value()).isEqualTo(Double.NEGATIVE_INFINITY);
		assertThat(parameterFirst).hasMessage("parameter would be -Infinity at index 1");

		NonFiniteResultException gFirst = refusal(h, dtype, new double[] { 0, -hugeRate, 0 },
				new double[] { 0, hugeGrad, 0 }, new double[] { 1, 1, 1 }, ALL);
		assertThat(gFirst.tensorName()).isEqualTo("G");
		assertThat(gFirst.index()).isEqualTo(1);
		assertThat(gFirst.value()).isEqualTo(Double.POSITIVE_INFINITY);

		NonFiniteResultException rateFirst = refusal(h, dtype, new double[] { 0, 0, -hugeRate },
				new double[] { 0, 0, 1 }, new double[] { 1, 0, 1 }, ALL);
		assertThat(rateFirst.tensorName()).isEqualTo("effective_learning_rate");
		assertThat(rateFirst.index()).isEqualTo(1);

		NonFiniteResultException rateNotAskedFor = refusal(h, dtype, new double[] { 0, 0, -hugeRate },
				new double[] { 0, 0, 1 }, new double[] { 1, 0, 1 }, EnumSet.of(Include.UPDATE));
		assertThat(rateNotAskedFor.tensorName()).isEqualTo("parameter");
		assertThat(rateNotAskedFor.index()).isEqualTo(2);
	}

	private static NonFiniteResultException refusal(Hyperparameters h, DType dtype, double[] parameter, double[] grad,
			double[] G, Set<Include> include) {
		return catchThrowableOfType(NonFiniteResultException.class, () -> Steps.step(h, 1,
				Values.vector(dtype, parameter), Values.vector(dtype, grad), Values.vector(dtype, G), include));
	}

	@Test
	void aRateBeyondTheDtypeIsRefused() {
		Tensor zero = Values.vector(DType.F32, 0);
		NonFiniteResultException ex = catchThrowableOfType(NonFiniteResultException.class,
				() -> Steps.step(of(1e300, 1, EpsilonPlacement.OUTSIDE_SQRT), 1, zero, zero, zero, Set.of()));
		assertThat(ex.tensorName()).isEqualTo("parameter");
		assertThat(ex.value()).isNaN();
	}

	@Test
	void clipsByValue() {
		StepResult result = Steps.step(clipping(new Clipping.ByValue(2)), 1, DoubleTensor.vector(0, 0, 0, 0),
				DoubleTensor.vector(-3, -1, 2, 1e300), DoubleTensor.vector(0, 0, 0, 0), Set.of());
		assertThat(Values.of(result.G())).containsExactly(4, 1, 4, 4);
	}

	@ParameterizedTest
	@CsvSource({ "3, 4, 1", "3e-200, 4e-200, 1e-201", "3e200, 4e200, 1e-10", "3e-320, 4e-320, 5e-321" })
	void clipsByNorm(double a, double b, double limit) {
		Tensor zeros = DoubleTensor.vector(0, 0);
		// in G = 0 the update is η·g/(|g| + ε): with ε so much larger than g it tells g
		Hyperparameters h = new Hyperparameters(1e300, 1e300, EpsilonPlacement.OUTSIDE_SQRT, 0, 0,
				WeightDecayMode.COUPLED, false, new Clipping.ByNorm(limit, Clipping.Scope.GLOBAL));
		StepResult result = Steps.step(h, 1, zeros, DoubleTensor.vector(a, b), zeros, Set.of());
		assertThat(-result.parameter().valueAt(0) / limit).isCloseTo(0.6, within(limit));
		assertThat(-result.parameter().valueAt(1) / limit).isCloseTo(0.8, within(limit));
	}

	/// The squares of these two add up to 2⁻¹⁰²² exactly, the smallest normal number: so
	/// the norm is 2⁻⁵¹¹. From quotients
	/// by the larger one it would be the number before.
	@Test
	void theNormComesFromTheSquaresAsLongAsTheirSumIsNormal() {
		double[] g = { 0x1.14f5b96ab454fp-512, 0x1.ae9fce2999dfep-512 };
		DoubleTensor zeros = DoubleTensor.vector(0, 0);
		// in G = 1, which such squares do not change, the update is the clipped gradient
		Hyperparameters h = new Hyperparameters(1, 0, EpsilonPlacement.OUTSIDE_SQRT, 0, 0, WeightDecayMode.COUPLED,
				false, new Clipping.ByNorm(0x1p-512, Clipping.Scope.GLOBAL));
		StepResult result = Steps.step(h, 1, zeros, DoubleTensor.of(Shape.vector(2), g), DoubleTensor.vector(1, 1),
				Set.of());
		assertThat(Values.of(result.parameter())).containsExactly(-g[0] / 2, -g[1] / 2);
	}

	/// Each square is 1.5625 · 2⁻¹⁰⁷⁴, which is rounded to twice the smallest number
	/// there
	/// is: the norm must not come from such.
	@Test
	void theNormComesFromQuotientsWhereTheSquaresAreRounded() {
		double g = 0x1.4p-537;
		// as above
		Hyperparameters h = new Hyperparameters(1, 0, EpsilonPlacement.OUTSIDE_SQRT, 0, 0, WeightDecayMode.COUPLED,
				false, new Clipping.ByNorm(0x1p-540, Clipping.Scope.GLOBAL));
		StepResult result = Steps.step(h, 1, DoubleTensor.vector(0, 0), DoubleTensor.vector(g, g),
				DoubleTensor.vector(1, 1), Set.of());
		for (int i = 0; i < 2; i++) {
			assertThat(-result.parameter().valueAt(i) * 0x1p540).isCloseTo(Math.sqrt(0.5), Offset.offset(1e-15));
		}
	}

	private static Offset<Double> within(double limit) {
		// subnormal numbers have few digits
		return Offset.offset((limit < Double.MIN_NORMAL) ? 2e-3 : 1e-15);
	}

	@Test
	void aNormBeyondF64ClipsToZero() {
		// ‖g‖ = 2 · 1.5e308 is beyond F64, so c / ‖g‖ is 0, as the pinned arithmetic
		// has it
		DoubleTensor grad = DoubleTensor.vector(1.5e308, -1.5e308, 1.5e308, -1.5e308);
		DoubleTensor zero = DoubleTensor.vector(new double[4]);
		StepResult result = Steps.step(clipping(new Clipping.ByNorm(1, Clipping.Scope.GLOBAL)), 1, zero, grad, zero,
				Set.of());
		assertThat(Values.of(result.G())).containsOnly(0);
	}

	@ParameterizedTest
	@EnumSource
	void aNormWithinTheLimitChangesNothing(DType dtype) {
		Tensor grad = Values.vector(dtype, 0.3, -0.4, 0);
		Tensor parameter = Values.vector(dtype, 1, 2, 3);
		Tensor G = Values.vector(dtype, 0, 1, 0);
		StepResult expected = Steps.step(Hyperparameters.defaults(), 1, parameter, grad, G, Set.of());
		assertSame(Steps.step(clipping(new Clipping.ByNorm(1, Clipping.Scope.GLOBAL)), 1, parameter, grad, G, Set.of()),
				expected);
		Tensor zero = Values.vector(dtype, 0, 0, 0);
		StepResult unmoved = Steps.step(clipping(new Clipping.ByNorm(1e-300, Clipping.Scope.GLOBAL)), 1, parameter,
				zero, G, Set.of());
		assertThat(Values.bits(unmoved.parameter())).isEqualTo(Values.bits(parameter));
	}

	@ParameterizedTest
	@EnumSource
	void withoutWeightDecayBothModesAgreeAndZerosKeepTheirSign(DType dtype) {
		Tensor parameter = Values.vector(dtype, -0.0, -1, 1, -0.0);
		Tensor grad = Values.vector(dtype, 0.0, -0.0, -0.0, -0.0);
		Tensor G = Values.vector(dtype, 1, 1, 1, 1);
		for (WeightDecayMode mode : WeightDecayMode.values()) {
			StepResult result = Steps.step(decaying(0, mode), 1, parameter, grad, G, ALL);
			assertThat(Values.bits(result.parameter())).isEqualTo(Values.bits(-0.0, -1, 1, 0.0));
			assertThat(result.included().get(Include.UPDATE)).isNotNull();
			assertThat(Values.bits(result.included().get(Include.UPDATE)))
				.isEqualTo(Values.bits(0.0, -0.0, -0.0, -0.0));
		}
	}

	@Test
	void coupledDecayGoesThroughGAndDecoupledDoesNot() {
		Tensor parameter = DoubleTensor.vector(2, -4);
		Tensor grad = DoubleTensor.vector(1, 1);
		Tensor zeros = DoubleTensor.vector(0, 0);
		StepResult coupled = Steps.step(decaying(0.5, WeightDecayMode.COUPLED), 1, parameter, grad, zeros, Set.of());
		assertThat(Values.of(coupled.G())).containsExactly(4, 1);
		Hyperparameters h = new Hyperparameters(0.5, 0, EpsilonPlacement.OUTSIDE_SQRT, 0, 0.5,
				WeightDecayMode.DECOUPLED, false, new Clipping.None());
		StepResult decoupled = Steps.step(h, 1, parameter, grad, zeros, Set.of());
		assertThat(Values.of(decoupled.G())).containsExactly(1, 1);
		assertThat(Values.of(decoupled.parameter())).containsExactly(2 - 0.5 - 0.5, -4 - 0.5 + 1);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void maximizingIsMinimizingTheOpposite(long seed) {
		RandomStep step = ordinary(seed, 65);
		Hyperparameters h = step.h();
		Hyperparameters maximizing = new Hyperparameters(h.learningRate(), h.epsilon(), h.epsilonPlacement(),
				h.lrDecay(), h.weightDecay(), h.weightDecayMode(), true, h.clipping());
		Hyperparameters minimizing = new Hyperparameters(h.learningRate(), h.epsilon(), h.epsilonPlacement(),
				h.lrDecay(), h.weightDecay(), h.weightDecayMode(), false, h.clipping());
		double[] opposite = Values.of(step.grad());
		for (int i = 0; i < opposite.length; i++) {
			opposite[i] = -opposite[i];
		}
		assertSame(Steps.step(maximizing, step.step(), step.parameter(), step.grad(), step.G(), ALL), Steps
			.step(minimizing, step.step(), step.parameter(), Values.vector(step.dtype(), opposite), step.G(), ALL));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void permutingTheElementsPermutesTheResult(long seed) {
		RandomStep step = ordinary(seed, 65);
		int[] order = new SplittableRandom(seed).ints(65, 0, 65).toArray();
		StepResult whole = step(step, step.parameter(), step.grad(), step.G());
		StepResult picked = step(step, pick(step.dtype(), step.parameter(), order),
				pick(step.dtype(), step.grad(), order), pick(step.dtype(), step.G(), order));
		assertThat(Values.bits(picked.parameter()))
			.isEqualTo(Values.bits(pick(step.dtype(), whole.parameter(), order)));
		assertThat(Values.bits(picked.G())).isEqualTo(Values.bits(pick(step.dtype(), whole.G(), order)));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void aStepOfPartsIsPartsOfTheStep(long seed) {
		RandomStep step = ordinary(seed, 65);
		StepResult whole = step(step, step.parameter(), step.grad(), step.G());
		for (int[] part : List.of(range(0, 31), range(31, 65))) {
			StepResult result = step(step, pick(step.dtype(), step.parameter(), part),
					pick(step.dtype(), step.grad(), part), pick(step.dtype(), step.G(), part));
			assertThat(Values.bits(result.parameter()))
				.isEqualTo(Values.bits(pick(step.dtype(), whole.parameter(), part)));
			assertThat(Values.bits(result.G())).isEqualTo(Values.bits(pick(step.dtype(), whole.G(), part)));
		}
	}

	/// What a loop gives does not change when the JIT has compiled it.
	@ParameterizedTest
	@EnumSource
	void givesTheSameBitsHoweverOftenItRuns(DType dtype) {
		RandomGenerator random = new SplittableRandom(1);
		double[] drawn = random.doubles(257, 1e-3, 10).toArray();
		Tensor tensor = Values.vector(dtype, drawn);
		for (double epsilon : new double[] { 1e-8, 0 }) {
			Hyperparameters h = of(0.01, epsilon, EpsilonPlacement.OUTSIDE_SQRT);
			Tensor G = Values.vector(dtype, (epsilon == 0) ? new double[drawn.length] : drawn);
			StepResult first = Steps.step(h, 1, tensor, tensor, G, Set.of());
			for (int i = 0; i < 20_000; i++) {
				Steps.step(h, 1, tensor, tensor, G, Set.of());
			}
			assertSame(Steps.step(h, 1, tensor, tensor, G, Set.of()), first);
		}
	}

	private static StepResult step(RandomStep step, Tensor parameter, Tensor grad, Tensor G) {
		return Steps.step(step.h(), step.step(), parameter, grad, G, Set.of());
	}

	/// A step that is not refused, and in which elements do not know each other.
	private static RandomStep ordinary(long seed, int size) {
		RandomGenerator random = new SplittableRandom(seed);
		DType dtype = random.nextBoolean() ? DType.F64 : DType.F32;
		Hyperparameters h = new Hyperparameters(0.01, random.nextBoolean() ? 0 : 1e-8,
				random.nextBoolean() ? EpsilonPlacement.OUTSIDE_SQRT : EpsilonPlacement.INSIDE_SQRT, 0.1,
				random.nextBoolean() ? 0 : 0.1,
				random.nextBoolean() ? WeightDecayMode.COUPLED : WeightDecayMode.DECOUPLED, random.nextBoolean(),
				random.nextBoolean() ? new Clipping.None() : new Clipping.ByValue(0.5));
		return new RandomStep(dtype, h, 1L + random.nextInt(100),
				Values.vector(dtype, random.doubles(size, -1, 1).toArray()),
				Values.vector(dtype, random.doubles(size, -1, 1).toArray()),
				Values.vector(dtype, random.doubles(size, 0, 1).toArray()));
	}

	private static int[] range(int from, int to) {
		return IntStream.range(from, to).toArray();
	}

	private static Tensor pick(DType dtype, Tensor tensor, int[] indices) {
		double[] picked = new double[indices.length];
		for (int i = 0; i < indices.length; i++) {
			picked[i] = tensor.valueAt(indices[i]);
		}
		return Values.vector(dtype, picked);
	}

	private static void assertSame(StepResult actual, StepResult expected) {
		assertThat(Values.bits(actual.parameter())).isEqualTo(Values.bits(expected.parameter()));
		assertThat(Values.bits(actual.G())).isEqualTo(Values.bits(expected.G()));
		assertThat((actual.included().get(Include.UPDATE) != null) ? Values.bits(actual.included().get(Include.UPDATE))
				: null)
			.isEqualTo((expected.included().get(Include.UPDATE) != null)
					? Values.bits(expected.included().get(Include.UPDATE)) : null);
	}

}
