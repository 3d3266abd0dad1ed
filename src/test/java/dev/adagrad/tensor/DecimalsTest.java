package dev.adagrad.tensor;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// Decimals read as F32 are what `Float.parseFloat` makes of the same text, which rounds once.
class DecimalsTest {

	static LongStream seeds() {
		return LongStream.range(0, 40);
	}

	/// Adds a decimal in the way that a reader has to.
	private static void add(Decimals.Builder builder, String decimal) {
		double value = Double.parseDouble(decimal);
		if (Decimals.Builder.isBetweenFloats(value)) {
			builder.add(value, Float.parseFloat(decimal));
		}
		else {
			builder.add(value);
		}
	}

	private static Decimals decimals(List<String> decimals) {
		Decimals.Builder builder = Decimals.builder(Memory.UNCOUNTED);
		for (String decimal : decimals) {
			add(builder, decimal);
		}
		assertThat(builder.size()).isEqualTo(decimals.size());
		return builder.buildVector();
	}

	/// The middle between a float and the next, and decimals just below and above it.
	private static List<String> around(float lower) {
		BigDecimal low = new BigDecimal(lower);
		BigDecimal next = (lower == Float.MAX_VALUE) ? BigDecimal.TWO.pow(128) : new BigDecimal(Math.nextUp(lower));
		BigDecimal middle = low.add(next).divide(BigDecimal.TWO);
		BigDecimal little = middle.ulp().scaleByPowerOfTen(-20);
		return List.of(low.toString(), middle.subtract(little).toString(), middle.toString(),
				middle.add(little).toString(), middle.negate().subtract(little).toString(), middle.negate().toString(),
				middle.negate().add(little).toString());
	}

	private static void assertReadsAsParseFloat(List<String> decimals) {
		List<String> finite = decimals.stream().filter((text) -> Float.isFinite(Float.parseFloat(text))).toList();
		FloatTensor tensor = (FloatTensor) decimals(finite).as(DType.F32);
		float min = Float.POSITIVE_INFINITY;
		float max = Float.NEGATIVE_INFINITY;
		for (int i = 0; i < finite.size(); i++) {
			float expected = Float.parseFloat(finite.get(i));
			assertThat(Float.floatToRawIntBits(tensor.values()[i])).as("%s", finite.get(i))
				.isEqualTo(Float.floatToRawIntBits(expected));
			min = Math.min(min, expected);
			max = Math.max(max, expected);
		}
		assertThat(tensor.bounds()).isEqualTo(new Bounds(min, max));
	}

	@ParameterizedTest
	@ValueSource(floats = { 1.0f, 0x1.000002p0f, 0.1f, 1e-10f, 3e38f, 16777216f, Float.MIN_NORMAL, 0x1.fffffcp-127f,
			Float.MIN_VALUE, 3 * Float.MIN_VALUE, 0f, Float.MAX_VALUE })
	void roundsOnceAroundAMiddle(float lower) {
		assertReadsAsParseFloat(around(lower));
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void roundsOnceAroundAnyMiddle(long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		List<String> decimals = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			// any positive finite float, of any exponent
			decimals.addAll(around(Float.intBitsToFloat(random.nextInt(0x7F80_0000))));
			decimals.add(Double.toString(random.nextDouble(-1, 1)));
			decimals.add(Double.toString(random.nextGaussian() * 1e-42));
		}
		assertReadsAsParseFloat(decimals);
	}

	@Test
	void knowsAMiddle() {
		assertThat(Decimals.Builder.isBetweenFloats(0x1.000001p0)).isTrue();
		assertThat(Decimals.Builder.isBetweenFloats(0x1.000003p0)).isTrue();
		assertThat(Decimals.Builder.isBetweenFloats(-0x1.000001p0)).isTrue();
		assertThat(Decimals.Builder.isBetweenFloats(0x1p-150)).isTrue();
		assertThat(Decimals.Builder.isBetweenFloats(0x3p-150)).isTrue();
		assertThat(Decimals.Builder.isBetweenFloats(0x1.ffffffp127)).isTrue();
		assertThat(Decimals.Builder.isBetweenFloats(-0x1.ffffffp127)).isTrue();
		assertThat(Decimals.Builder.isBetweenFloats(0)).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(1)).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(0.1)).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(0x1.0000008p0)).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(Math.nextUp(0x1.000001p0))).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(0x1p128)).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(0x1p-151)).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(Double.MIN_VALUE)).isFalse();
		assertThat(Decimals.Builder.isBetweenFloats(Double.MAX_VALUE)).isFalse();
	}

	@Test
	void refusesWhatFloatsCannotHoldAndNamesTheFirst() {
		// the middle between the largest float and 2¹²⁸ rounds up, what is below it
		// does not
		BigDecimal middle = BigDecimal.TWO.pow(128).subtract(BigDecimal.TWO.pow(103));
		String below = middle.subtract(BigDecimal.ONE).toString();
		List<String> good = List.of("1", below, "-" + below);
		FloatTensor tensor = (FloatTensor) decimals(good).as(DType.F32);
		assertThat(tensor.values()).containsExactly(1, Float.MAX_VALUE, -Float.MAX_VALUE);
		assertThat(tensor.bounds()).isEqualTo(new Bounds(-Float.MAX_VALUE, Float.MAX_VALUE));

		for (String bad : List.of(middle.toString(), "-" + middle, middle.add(BigDecimal.ONE).toString(), "1e39")) {
			Decimals decimals = decimals(List.of("1", below, bad, "1e300"));
			OutOfRangeException ex = catchThrowableOfType(OutOfRangeException.class, () -> decimals.as(DType.F32));
			assertThat(ex).as(bad).isNotNull();
			assertThat(ex.index()).isEqualTo(2);
			assertThat(ex.value()).isEqualTo(Double.parseDouble(bad));
			assertThat(((DoubleTensor) decimals.as(DType.F64)).values()[3]).isEqualTo(1e300);
		}
	}

	@Test
	void inF64AreTheDoubles() {
		Decimals decimals = decimals(List.of("0.1", "-0.0", "1e308", "4.9e-324"));
		assertThat(decimals.bounds()).isEqualTo(new Bounds(-0.0, 1e308));
		assertThat(decimals.shape()).isEqualTo(Shape.vector(4));
		assertThat(decimals.valueAt(3)).isEqualTo(Double.MIN_VALUE);
		DoubleTensor tensor = (DoubleTensor) decimals.as(DType.F64);
		assertThat(tensor.values()).containsExactly(0.1, -0.0, 1e308, Double.MIN_VALUE);
		assertThat(tensor.bounds()).isEqualTo(new Bounds(-0.0, 1e308));
	}

	@Test
	void aBareNumberHasTheShapeOfAScalar() {
		Decimals.Builder builder = Decimals.builder(Memory.UNCOUNTED);
		builder.add(2.5);
		Decimals decimals = builder.buildScalar();
		assertThat(decimals.shape()).isEqualTo(Shape.scalar());
		assertThat(decimals.as(DType.F32).shape()).isEqualTo(Shape.scalar());
		assertThat(decimals.as(DType.F64).size()).isEqualTo(1);
	}

	@Test
	void cannotBeEmptyNorAScalarOfTwo() {
		assertThatIllegalArgumentException().isThrownBy(() -> Decimals.builder(Memory.UNCOUNTED).buildVector());
		assertThatIllegalArgumentException().isThrownBy(() -> Decimals.builder(Memory.UNCOUNTED).buildScalar());
		Decimals.Builder two = Decimals.builder(Memory.UNCOUNTED);
		two.add(1);
		two.add(2);
		assertThatIllegalArgumentException().isThrownBy(two::buildScalar)
			.withMessage("a shape of size 1 with 2 values");
	}

	@Test
	void areMadeAgainOfTheirParts() {
		Decimals decimals = decimals(around(1));
		assertThat(decimals.floatIndices()).isNotEmpty();
		Decimals again = Decimals.vector(decimals.values(), decimals.floatIndices(), decimals.floatValues());
		assertThat(again.shape()).isEqualTo(decimals.shape());
		assertThat(again.bounds()).isEqualTo(decimals.bounds());
		assertThat(((FloatTensor) again.as(DType.F32)).values())
			.containsExactly(((FloatTensor) decimals.as(DType.F32)).values());
		double beyond = 0x1.ffffffp127;
		for (float either : new float[] { Float.MAX_VALUE, Float.POSITIVE_INFINITY }) {
			assertThat(Decimals.vector(new double[] { beyond }, new int[1], new float[] { either }).floatValues())
				.containsExactly(either);
		}
	}

	@Test
	void partsThatDoNotBelongTogether() {
		double middle = 0x1.000001p0;
		float[] one = { 1 };
		assertThat(Decimals.vector(new double[] { 0, middle }, new int[] { 1 }, one).valueAt(1)).isEqualTo(middle);
		assertParts(new double[0], new int[0], new float[0]);
		assertParts(new double[] { Double.NaN }, new int[0], new float[0]);
		assertParts(new double[] { middle }, new int[] { 0 }, new float[0]);
		assertParts(new double[] { middle }, new int[] { 1 }, one);
		assertParts(new double[] { middle }, new int[] { -1 }, one);
		assertParts(new double[] { 1 }, new int[] { 0 }, one);
		assertParts(new double[] { middle }, new int[] { 0 }, new float[] { 2 });
		assertParts(new double[] { middle }, new int[] { 0 }, new float[] { Float.NaN });
		assertParts(new double[] { middle, middle }, new int[] { 1, 0 }, new float[] { 1, 1 });
		assertParts(new double[] { middle, middle }, new int[] { 1, 1 }, new float[] { 1, 1 });
	}

	private static void assertParts(double[] values, int[] floatIndices, float[] floatValues) {
		assertThatIllegalArgumentException().isThrownBy(() -> Decimals.vector(values, floatIndices, floatValues));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 15, 16, 17, 24, 25, 1000 })
	void growsAsElementsCome(int size) {
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < size; i++) {
			// every third is just above a middle
			expected.add((i % 3 == 0) ? new BigDecimal(i + 1).add(new BigDecimal(Math.ulp(i + 1f) / 2))
				.add(new BigDecimal("1e-60"))
				.toString() : Integer.toString(-i));
		}
		assertReadsAsParseFloat(expected);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 16, 17, 32_768, 32_769, 65_537, 1_000_000 })
	void countsWhatItTakesBeforeItIsTaken(int size) {
		Counted memory = new Counted(Long.MAX_VALUE);
		Decimals.Builder builder = Decimals.builder(memory);
		for (int i = 0; i < size; i++) {
			builder.add(i);
		}
		assertThat(memory.taken).isBetween((long) size * Double.BYTES, 2L * size * Double.BYTES + 256 * 1024);
		Decimals decimals = builder.buildVector();
		assertThat(decimals.values()).hasSize(size);
		assertThat(decimals.values()[size - 1]).isEqualTo(size - 1);
		assertThat(memory.taken).as("what stays").isEqualTo(decimals.bytes()).isEqualTo((long) size * Double.BYTES);
		assertThat(memory.most).as("at no time more than the chunks and the array")
			.isBetween((long) size * Double.BYTES, 2L * size * Double.BYTES + 256 * 1024);
	}

	@Test
	void whatThereIsNoMemoryForIsNotAllocated() {
		Counted memory = new Counted(100_000);
		Decimals.Builder builder = Decimals.builder(memory);
		assertThatIllegalStateException().isThrownBy(() -> {
			for (int i = 0; i < 1_000_000; i++) {
				builder.add(i);
			}
		});
		assertThat(builder.size()).isBetween(6_000, 12_500);
	}

	@Test
	void floatsBesideAreCountedToo() {
		Counted memory = new Counted(Long.MAX_VALUE);
		Decimals.Builder builder = Decimals.builder(memory);
		for (int i = 0; i < 10_000; i++) {
			// between 1 and the next float, and rounded up by the decimal's last digits
			builder.add(1 + 0x1p-24, Math.nextUp(1f));
		}
		Decimals decimals = builder.buildVector();
		assertThat(decimals.floatIndices()).hasSize(10_000);
		assertThat(decimals.bytes()).isEqualTo(10_000L * (Double.BYTES + Integer.BYTES + Float.BYTES));
		assertThat(memory.taken).isBetween(decimals.bytes(), decimals.bytes() * 3 / 2);
	}

	private static final class Counted implements Memory {

		private final long bound;

		private long taken;

		private long most;

		Counted(long bound) {
			this.bound = bound;
		}

		@Override
		public void take(long bytes) {
			if (this.taken + bytes > this.bound) {
				throw new IllegalStateException("no memory");
			}
			this.taken += bytes;
			this.most = Math.max(this.most, this.taken);
		}

		@Override
		public void giveBack(long bytes) {
			this.taken -= bytes;
		}

	}

	/// Of numbers that F32 rounds to others.
	@Test
	void theBoundsOfFloatsAreTheirs() {
		Decimals.Builder builder = Decimals.builder(Memory.UNCOUNTED);
		for (double value : new double[] { 0.1, -0.3, 0.7, 0.2 }) {
			builder.add(value);
		}
		assertThat(builder.buildVector().as(DType.F32).bounds()).isEqualTo(new Bounds(-0.3f, 0.7f));
	}

}
