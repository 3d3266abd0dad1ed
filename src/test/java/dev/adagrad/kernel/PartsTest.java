package dev.adagrad.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/// A step of many parts is the steps of each for itself, but for the norm that all share; and rows that share an element
/// of G against the formulas of row-wise AdaGrad.
class PartsTest {

	private static final Hyperparameters PLAIN = Hyperparameters.defaults();

	static LongStream seeds() {
		return LongStream.range(0, 60);
	}

	private static Hyperparameters with(Clipping clipping, double weightDecay, double l1, double scale) {
		return new Hyperparameters(0.1, 1e-8, EpsilonPlacement.OUTSIDE_SQRT, 0.01, weightDecay, WeightDecayMode.COUPLED,
				false, clipping, l1, 0, scale);
	}

	private static Hyperparameters some(RandomGenerator random, Clipping clipping) {
		return new Hyperparameters(0.1, random.nextBoolean() ? 0 : 1e-8,
				random.nextBoolean() ? EpsilonPlacement.OUTSIDE_SQRT : EpsilonPlacement.INSIDE_SQRT, 0.01,
				random.nextInt(3) * 0.1, random.nextBoolean() ? WeightDecayMode.COUPLED : WeightDecayMode.DECOUPLED,
				random.nextBoolean(), clipping, random.nextInt(3) * 0.1, random.nextInt(3) * 0.1,
				1 + random.nextInt(2));
	}

	private static double[] gauss(RandomGenerator random, DType dtype, int size) {
		return random.doubles(size, -2, 2).map(dtype::round).toArray();
	}

	/// Each part by the reference, with the factor of the whole in place of a norm.
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void partsAreSteppedEachByItsOwnSettings(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		DType dtype = random.nextBoolean() ? DType.F64 : DType.F32;
		double limit = 0.7;
		boolean clips = random.nextBoolean();
		List<Part> parts = new ArrayList<>();
		int from = 0;
		for (int i = 0; i < 1 + random.nextInt(6); i++) {
			int size = random.nextInt(40);
			Clipping own = clips ? new Clipping.ByNorm(limit, Clipping.Scope.GLOBAL)
					: random.nextBoolean() ? new Clipping.ByValue(0.5) : new Clipping.None();
			parts.add(new Part(from, size, from, 1, some(random, own), random.nextInt(5) == 0));
			from += size;
		}
		double[] parameter = gauss(random, dtype, from);
		double[] grad = gauss(random, dtype, from);
		double[] G = Arrays.stream(gauss(random, dtype, from)).map(Math::abs).toArray();
		double sum = 0;
		for (Part part : parts) {
			for (int i = part.from(); i < part.to() && !part.frozen(); i++) {
				sum += grad[i] * grad[i];
			}
		}
		double factor = clips ? Math.min(1, limit / Math.sqrt(sum)) : 1;
		Hyperparameters shared = with(clips ? new Clipping.ByNorm(limit, Clipping.Scope.GLOBAL) : new Clipping.None(),
				0, 0, 1);
		AdaGrad step = new AdaGrad(shared, parts, 3);
		StepResult result = step.take(Values.vector(dtype, parameter), Values.vector(dtype, grad),
				Values.vector(dtype, G), Set.of(Include.METRICS));
		double[] newParameter = Values.of(result.parameter());
		double[] newG = Values.of(result.G());
		for (Part part : parts) {
			double[] expected = Arrays.copyOfRange(parameter, part.from(), part.to());
			double[] expectedG = Arrays.copyOfRange(G, part.from(), part.to());
			if (!part.frozen()) {
				double[] g = Arrays.stream(grad, part.from(), part.to())
					.map((element) -> dtype.round(element * dtype.round(factor)))
					.toArray();
				Hyperparameters h = part.hyperparameters();
				Hyperparameters unclipped = clips ? new Hyperparameters(h.learningRate(), h.epsilon(),
						h.epsilonPlacement(), h.lrDecay(), h.weightDecay(), h.weightDecayMode(), h.maximize(),
						new Clipping.None(), h.l1(), h.l2(), h.learningRateScale()) : h;
				ReferenceAdaGrad.Result outcome = (ReferenceAdaGrad.Result) new ReferenceAdaGrad(dtype, unclipped, 3)
					.step(expected, g, expectedG, false);
				expected = Values.of(outcome.parameter());
				expectedG = Values.of(outcome.G());
			}
			assertThat(Arrays.copyOfRange(newParameter, part.from(), part.to())).containsExactly(expected);
			assertThat(Arrays.copyOfRange(newG, part.from(), part.to())).containsExactly(expectedG);
		}
		Metrics metrics = result.metrics().orElseThrow();
		assertThat(metrics.gradNorm()).isEqualTo(Math.sqrt(sum));
		assertThat(metrics.clipFactor()).isEqualTo(factor);
		assertThat(metrics.learningRate()).isEqualTo(0.1 / (1 + 2 * 0.01));
		double updates = 0;
		double squares = 0;
		long touched = 0;
		for (Part part : parts) {
			for (int i = part.from(); i < part.to() && !part.frozen(); i++) {
				updates += (newParameter[i] - parameter[i]) * (newParameter[i] - parameter[i]);
				squares += newParameter[i] * newParameter[i];
				touched++;
			}
		}
		assertThat(metrics.updateNorm()).hasValue(Math.sqrt(updates));
		assertThat(metrics.parameterNorm()).isEqualTo(Math.sqrt(squares));
		assertThat(metrics.touched()).isEqualTo(touched);
		assertThat(step.metrics(Values.vector(dtype, grad), result.parameter()))
			.isEqualTo(new Metrics(metrics.learningRate(), metrics.gradNorm(), metrics.clipFactor(), Optional.empty(),
					metrics.parameterNorm(), metrics.touched()));
	}

	/// In the memory of what goes in, and with more asked for, nothing else comes out.
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void whatIsAskedForChangesNothing(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		DType dtype = random.nextBoolean() ? DType.F64 : DType.F32;
		Clipping clipping = switch (random.nextInt(3)) {
			case 0 -> new Clipping.ByNorm(0.7, Clipping.Scope.GLOBAL);
			case 1 -> new Clipping.ByNorm(0.7, Clipping.Scope.TENSOR);
			default -> new Clipping.None();
		};
		List<Part> parts = new ArrayList<>();
		int from = 0;
		int sums = 0;
		int elementwise = random.nextInt(4);
		for (int i = 0; i < elementwise + 1 + random.nextInt(4); i++) {
			int rowLength = (i < elementwise) ? 1 : 2 + random.nextInt(4) * 3;
			Part part = new Part(from, rowLength * random.nextInt(9), sums, rowLength, some(random, clipping),
					random.nextInt(6) == 0);
			parts.add(part);
			from = part.to();
			sums = part.accumulatorTo();
		}
		double[] parameter = gauss(random, dtype, from);
		double[] grad = gauss(random, dtype, from);
		double[] G = Arrays.stream(gauss(random, dtype, sums)).map(Math::abs).toArray();
		// a norm goes over them in another order than that of their places
		Collections.reverse(parts);
		AdaGrad step = new AdaGrad(with(clipping, 0, 0, 1), parts, 5);
		StepResult plain = step.take(Values.vector(dtype, parameter), Values.vector(dtype, grad),
				Values.vector(dtype, G), Set.of());
		for (Set<Include> include : List.of(Set.<Include>of(), Set.of(Include.METRICS), Set.of(Include.UPDATE),
				Set.of(Include.values()))) {
			for (boolean inPlace : new boolean[] { false, true }) {
				Tensor theta = Values.vector(dtype, parameter.clone());
				Tensor g = Values.vector(dtype, grad.clone());
				Tensor before = Values.vector(dtype, G.clone());
				StepResult result = inPlace ? step.takeInPlace(theta, g, before, include)
						: step.take(theta, g, before, include);
				assertThat(Values.bits(result.parameter())).isEqualTo(Values.bits(plain.parameter()));
				assertThat(Values.bits(result.G())).isEqualTo(Values.bits(plain.G()));
				assertThat(result.metrics().isPresent()).isEqualTo(include.contains(Include.METRICS));
				if (include.contains(Include.EFFECTIVE_LEARNING_RATE)) {
					assertThat(Values.bits(result.included().get(Include.EFFECTIVE_LEARNING_RATE)))
						.isEqualTo(Values.bits(step.effectiveLearningRate(plain.G())));
				}
			}
		}
		StepResult replayed = step.replay(Values.vector(dtype, parameter), Values.vector(dtype, grad), plain.G(),
				Set.of());
		assertThat(Values.bits(replayed.parameter())).isEqualTo(Values.bits(plain.parameter()));
	}

	/// Row-wise AdaGrad as DLRM and torchrec write it, without weight decay: the mean of
	/// the squares of a row is added to
	/// its G, and one rate goes for all of it.
	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void rowsShareTheMeanOfTheirSquares(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		int dim = 1 + random.nextInt(70);
		int rows = 1 + random.nextInt(20);
		double rate = 0.1;
		double epsilon = 1e-8;
		Hyperparameters h = new Hyperparameters(rate, epsilon, EpsilonPlacement.OUTSIDE_SQRT, 0, 0,
				WeightDecayMode.COUPLED, false, new Clipping.None());
		double[] parameter = gauss(random, DType.F64, rows * dim);
		double[] grad = gauss(random, DType.F64, rows * dim);
		double[] G = Arrays.stream(gauss(random, DType.F64, rows)).map(Math::abs).toArray();
		StepResult result = new AdaGrad(h, List.of(new Part(0, rows * dim, 0, dim, h, false)), 1).take(
				Values.vector(DType.F64, parameter), Values.vector(DType.F64, grad), Values.vector(DType.F64, G),
				Set.of());
		for (int r = 0; r < rows; r++) {
			double mean = Arrays.stream(grad, r * dim, (r + 1) * dim).map((g) -> g * g).average().orElseThrow();
			double sum = G[r] + mean;
			assertThat(result.G().valueAt(r)).isCloseTo(sum, within((dim + 2) * Math.ulp(sum)));
			for (int i = r * dim; i < (r + 1) * dim; i++) {
				double moved = parameter[i] - rate / (Math.sqrt(sum) + epsilon) * grad[i];
				assertThat(result.parameter().valueAt(i)).isCloseTo(moved,
						within((dim + 8) * Math.ulp(Math.max(Math.abs(moved), Math.abs(parameter[i])))));
			}
		}
	}

	/// A row whose elements but one are 0 with a factor of the length is the element
	/// alone: the mean of d squares of which
	/// one is d · g² is g².
	@Test
	void aRowCountsItsZeros() {
		Part row = new Part(0, 4, 0, 4, PLAIN, false);
		StepResult result = new AdaGrad(PLAIN, List.of(row), 1).take(Values.vector(DType.F32, new double[4]),
				Values.vector(DType.F32, new double[] { 0, 6, 0, 0 }), Values.vector(DType.F32, new double[] { 16 }),
				Set.of());
		assertThat(Values.of(result.G())).containsExactly(25);
		assertThat(Values.of(result.parameter())).containsExactly(0, -(double) (0.01f * 6f / (5f + 1e-8f)), 0, 0);
	}

	@Test
	void frozenPartsStayAsTheyAre() {
		Part frozen = new Part(0, 2, 0, 1, PLAIN, true);
		Part moving = new Part(2, 1, 2, 1, PLAIN, false);
		StepResult result = new AdaGrad(PLAIN, List.of(frozen, moving), 1).take(
				Values.vector(DType.F64, new double[] { -0.0, 7, 1 }),
				Values.vector(DType.F64, new double[] { 9, 9, 2 }), Values.vector(DType.F64, new double[] { 3, 4, 0 }),
				Set.of(Include.values()));
		assertThat(Values.of(result.parameter())).startsWith(-0.0, 7);
		assertThat(Values.of(result.G())).containsExactly(3, 4, 4);
		Metrics metrics = result.metrics().orElseThrow();
		assertThat(metrics.gradNorm()).isEqualTo(2);
		assertThat(metrics.touched()).isEqualTo(1);
	}

	@Test
	void aNormOfEachTensorForItself() {
		Clipping clipping = new Clipping.ByNorm(1, Clipping.Scope.TENSOR);
		Hyperparameters h = with(clipping, 0, 0, 1);
		List<Part> parts = List.of(new Part(0, 2, 0, 1, h, false), new Part(2, 1, 2, 1, h, false));
		StepResult result = new AdaGrad(h, parts, 1).take(Values.vector(DType.F64, new double[3]),
				Values.vector(DType.F64, new double[] { 3, 4, 0.5 }), Values.vector(DType.F64, new double[3]),
				Set.of(Include.METRICS));
		// 3 and 4 have the norm 5; 0.5 is below the limit
		assertThat(Values.of(result.G())).containsExactly(0.6000000000000001 * 0.6000000000000001, 0.8 * 0.8, 0.25);
		assertThat(result.metrics().orElseThrow().clipFactor()).isEqualTo(0.2);
		assertThat(result.metrics().orElseThrow().gradNorm()).isEqualTo(Math.sqrt(25.25));
	}

	/// Squares of 1e-200 are 0, those of 1e200 infinite; the roots of their sums are
	/// neither.
	@Test
	void normsNeitherOverNorUnderflow() {
		for (double unit : new double[] { 1e-200, 1e200 }) {
			Hyperparameters h = new Hyperparameters(unit, 0, EpsilonPlacement.OUTSIDE_SQRT, 0, 0,
					WeightDecayMode.COUPLED, false, new Clipping.None());
			double g = Math.min(unit, 1);
			Metrics metrics = Steps
				.step(h, 1, Values.vector(DType.F64, new double[] { 0, 3 * unit }),
						Values.vector(DType.F64, new double[] { g, 0 }),
						Values.vector(DType.F64, new double[] { 1, 1 }), Set.of(Include.METRICS))
				.metrics()
				.orElseThrow();
			assertThat(metrics.gradNorm()).isEqualTo(g);
			double moved = unit * g / Math.sqrt(1 + g * g);
			assertThat(metrics.updateNorm().orElseThrow()).isCloseTo(moved, within(moved * 1e-15));
			assertThat(metrics.parameterNorm()).isCloseTo(Math.hypot(moved, 3 * unit), within(unit * 1e-15));
		}
	}

	@Test
	void partsCoverTheStep() {
		Tensor three = Values.vector(DType.F64, new double[3]);
		assertThatIllegalArgumentException().isThrownBy(() -> new Part(0, 3, 0, 2, PLAIN, false));
		assertThatIllegalArgumentException().isThrownBy(() -> new Part(1, 3, 0, 1, PLAIN, false));
		for (List<Part> parts : List.of(List.of(new Part(1, 2, 1, 1, PLAIN, false)),
				List.of(new Part(0, 2, 0, 1, PLAIN, false)), List.of(new Part(0, 3, 0, 3, PLAIN, false)))) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> new AdaGrad(PLAIN, parts, 1).take(three, three, three, Set.of()));
		}
	}

}
