package dev.adagrad.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// Char for char what the JDK writes, whose own digits are shortest since JDK 19; but for the least subnormals, which the
/// JDK writes with two digits where one would do.
class ShortestDecimalTest {

	private static final int ROUNDS = 200_000;

	private static final int AT = 3;

	private final byte[] bytes = new byte[AT + ShortestDecimal.ROOM + 1];

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void writesDoublesAsTheJdkDoes(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			assertSame(Double.longBitsToDouble(random.nextLong()));
			assertSame(Double.longBitsToDouble(random.nextLong() >>> random.nextInt(64)));
			assertSame(random.nextGaussian() * Math.pow(10, random.nextInt(12) - 4));
			assertSame(random.nextInt(2_000_000) / Math.pow(10, random.nextInt(9)));
			assertSame((double) (random.nextLong() >> random.nextInt(64)));
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 4, 5, 6 })
	void writesFloatsAsTheJdkDoes(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < ROUNDS; i++) {
			assertSame(Float.intBitsToFloat(random.nextInt()));
			assertSame(Float.intBitsToFloat(random.nextInt() >>> random.nextInt(32)));
			assertSame((float) random.nextGaussian());
			assertSame(random.nextInt(2000) / 100f);
		}
	}

	@Test
	void everyExponentAndTheBordersOfItsBinade() {
		for (long exponent = 0; exponent < 0x7FF; exponent++) {
			for (long fraction = -10; fraction <= 10; fraction++) {
				assertSame(Double.longBitsToDouble((exponent << 52) + fraction));
				assertSame(-Double.longBitsToDouble((exponent << 52) + (1L << 51) + fraction));
			}
		}
		for (int exponent = 0; exponent < 0xFF; exponent++) {
			for (int fraction = -10; fraction <= 10; fraction++) {
				assertSame(Float.intBitsToFloat((exponent << 23) + fraction));
				assertSame(-Float.intBitsToFloat((exponent << 23) + (1 << 22) + fraction));
			}
		}
		for (int power = -324; power <= 308; power++) {
			for (int digits : new int[] { 1, 5, 12, 99, 123456789 }) {
				assertSame(Double.parseDouble(digits + "e" + power));
				assertSame(Float.parseFloat(digits + "e" + power));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(doubles = { Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY })
	void refusesWhatIsNotFinite(double value) {
		assertThatIllegalArgumentException().isThrownBy(() -> ShortestDecimal.write(value, this.bytes, 0));
		assertThatIllegalArgumentException().isThrownBy(() -> ShortestDecimal.write((float) value, this.bytes, 0));
	}

	@Test
	void theLeastSubnormalsInOneDigit() {
		assertWritten(Double.MIN_VALUE, "5E-324");
		assertWritten(-2 * Double.MIN_VALUE, "-1E-323");
		assertWritten(3 * Double.MIN_VALUE, "1.5E-323");
		assertWritten(4 * Double.MIN_VALUE, "2.0E-323");
		assertWritten(10 * Double.MIN_VALUE, "5E-323");
		assertWritten(Float.MIN_VALUE, "1E-45");
		assertWritten(2 * Float.MIN_VALUE, "3E-45");
		assertWritten(7 * Float.MIN_VALUE, "1E-44");
	}

	/// Against a search: of all decimals of one digit the nearest that reads back.
	@Test
	void everyLeastSubnormalIsAsShortAsItCanBe() {
		for (int i = 1; i <= 5000; i++) {
			double value = i * Double.MIN_VALUE;
			String jdk = Double.toString(value);
			assertWritten(value, oneDigit(jdk, new BigDecimal(value), (text) -> Double.parseDouble(text) == value));
			assertWritten(-value,
					"-" + oneDigit(jdk, new BigDecimal(value), (text) -> Double.parseDouble(text) == value));
			float single = i * Float.MIN_VALUE;
			jdk = Float.toString(single);
			assertWritten(single, oneDigit(jdk, new BigDecimal(single), (text) -> Float.parseFloat(text) == single));
		}
	}

	private static String oneDigit(String jdk, BigDecimal exact, Predicate<String> readsBack) {
		if (!jdk.matches("\\d\\.[1-9]E-\\d+")) {
			return jdk;
		}
		int exponent = Integer.parseInt(jdk.substring(jdk.indexOf('E') + 1));
		return IntStream.rangeClosed(exponent - 1, exponent + 1)
			.boxed()
			.flatMap((power) -> IntStream.rangeClosed(1, 9).mapToObj((digit) -> digit + "E" + power))
			.filter(readsBack)
			.min(Comparator.comparing((text) -> new BigDecimal(text).subtract(exact).abs()))
			.orElse(jdk);
	}

	private void assertWritten(double value, String expected) {
		Arrays.fill(this.bytes, (byte) 'x');
		assertSame(expected, ShortestDecimal.write(value, this.bytes, AT));
	}

	private void assertWritten(float value, String expected) {
		Arrays.fill(this.bytes, (byte) 'x');
		assertSame(expected, ShortestDecimal.write(value, this.bytes, AT));
	}

	private void assertSame(double value) {
		if (Double.isFinite(value) && !(Math.abs(value) < 200 * Double.MIN_VALUE && value != 0)) {
			Arrays.fill(this.bytes, (byte) 'x');
			assertSame(Double.toString(value), ShortestDecimal.write(value, this.bytes, AT));
		}
	}

	private void assertSame(float value) {
		if (Float.isFinite(value) && !(Math.abs(value) < 100 * Float.MIN_VALUE && value != 0)) {
			Arrays.fill(this.bytes, (byte) 'x');
			assertSame(Float.toString(value), ShortestDecimal.write(value, this.bytes, AT));
		}
	}

	private void assertSame(String expected, int end) {
		String actual = new String(this.bytes, AT, end - AT, StandardCharsets.ISO_8859_1);
		if (!actual.equals(expected)) {
			assertThat(actual).isEqualTo(expected);
		}
		if (this.bytes[AT - 1] != 'x' || this.bytes[AT + ShortestDecimal.ROOM] != 'x') {
			assertThat(this.bytes).as("bytes beside the room for %s", expected)
				.startsWith("xxx".getBytes(StandardCharsets.US_ASCII))
				.endsWith((byte) 'x');
		}
	}

}
