package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.OutOfRangeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Decimals to F64 and F32 bit for bit, against BigDecimal and the JDK.
class NumberScannerTest {

	private static final int ROUNDS = 20_000;

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void decimalsOfAnyLengthAndSize(long seed) {
		Random random = new Random(seed);
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < ROUNDS; i++) {
			StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
			digits(text, random, 1 + random.nextInt(22));
			if (random.nextBoolean()) {
				text.append('.').append("0".repeat(random.nextInt(4) * random.nextInt(4)));
				for (int d = random.nextInt(24); d >= 0; d--) {
					text.append((char) ('0' + random.nextInt(10)));
				}
			}
			if (random.nextBoolean()) {
				text.append(random.nextBoolean() ? "e" : "E+").append(random.nextInt(280));
			}
			else if (random.nextBoolean()) {
				text.append("e-").append(random.nextInt(380));
			}
			texts.add(text.toString());
		}
		assertAllExact(texts);
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 4, 5, 6 })
	void shortestFormsOfAnyBits(long seed) {
		Random random = new Random(seed);
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < ROUNDS; i++) {
			double value = Double.longBitsToDouble(random.nextLong());
			texts.add(Double.isFinite(value) ? Double.toString(value) : "0");
			float small = Float.intBitsToFloat(random.nextInt());
			texts.add(Float.isFinite(small) ? Float.toString(small) : "0");
			// what training looks like
			texts.add(Double.toString(random.nextGaussian() * Math.pow(10, -random.nextInt(9))));
		}
		assertAllExact(texts);
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 7, 8 })
	void middlesBetweenTwoNeighbours(long seed) {
		Random random = new Random(seed);
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < 700; i++) {
			double value = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
			if (i % 3 == 0) {
				value = random.nextDouble();
			}
			if (i % 3 == 1) {
				value = Double.longBitsToDouble(random.nextLong() >>> (12 + random.nextInt(52)));
			}
			if (value < Double.MAX_VALUE) {
				around(texts, new BigDecimal(value).add(new BigDecimal(Math.nextUp(value))).divide(BigDecimal.TWO));
			}
			float small = Float.intBitsToFloat(random.nextInt() & Integer.MAX_VALUE);
			if (i % 3 == 1) {
				small = Float.intBitsToFloat(random.nextInt() >>> (9 + random.nextInt(23)));
			}
			if (small < Float.MAX_VALUE) {
				around(texts, new BigDecimal(small).add(new BigDecimal(Math.nextUp(small))).divide(BigDecimal.TWO));
			}
		}
		assertAllExact(texts);
	}

	@Test
	void theBordersOfF64AndF32() {
		List<String> texts = new ArrayList<>();
		BigDecimal beyondF64 = new BigDecimal(Double.MAX_VALUE).add(new BigDecimal(Math.ulp(Double.MAX_VALUE) / 2));
		for (double border : new double[] { Double.MIN_VALUE, Double.MIN_NORMAL, Math.nextDown(Double.MIN_NORMAL),
				Float.MIN_VALUE, Float.MIN_NORMAL, Math.nextDown(Float.MIN_NORMAL), Float.MAX_VALUE, 0x1p53, 0x1p64,
				1e22, 1e23, 0x1.ffffffp127 }) {
			around(texts, new BigDecimal(border));
			around(texts, new BigDecimal(border).divide(BigDecimal.TWO));
		}
		texts.add(beyondF64.subtract(BigDecimal.ONE).toString());
		texts.add(new BigDecimal(Double.MAX_VALUE).toString());
		texts.addAll(List.of("0", "-0", "0.0", "-0.0e5", "0e400", "0e-400", "1e-400", "-1e-400",
				"2.4703282292062327e-324", "2.4703282292062328e-324", "9007199254740993", "9007199254740991e22",
				"9007199254740992e-22", "123456789012345678", "18446744073709551615", "18446744073709551616",
				"9999999999999999999", "99999999999999999999", "0.00000000000000000000123", "1e-999999999999999",
				"0.000e999999999999999", "8.5", "1.00000005960464477539062500000000001",
				"100000000000000000000000e-23"));
		assertAllExact(texts);
		assertThat(Documents.outcome(Documents.utf8(json("{'grad':" + beyondF64 + "}")))).startsWith("invalid: /grad");
		assertThat(Documents.outcome(Documents.utf8(json("{'grad':-1e309}")))).startsWith("invalid: /grad");
	}

	@ParameterizedTest(name = "{0} digits")
	@ValueSource(ints = { 17, 18, 19, 20, 21, 50, 308, 309, 340, 767, 768, 769, 800, 4000 })
	void manyDigits(int count) {
		Random random = new Random(count);
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < 60; i++) {
			StringBuilder text = new StringBuilder();
			digits(text, random, count);
			if (count < 300) {
				texts.add(text.toString());
			}
			texts.add("0." + text);
			texts.add(text + "e-" + (count + random.nextInt(320)));
			texts.add("-" + text.charAt(0) + "." + text + "E" + (random.nextInt(600) - 300));
		}
		assertAllExact(texts);
	}

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 9 })
	void digitsAtAnyPlaceInTheWindow(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 3000; i++) {
			String text = "0." + Long.toString(random.nextLong() & Long.MAX_VALUE).substring(0, 1 + random.nextInt(12));
			// what the window held before lies behind its end: it must not be taken for
			// digits
			byte[] document = Documents.utf8(json("{'step':1111111111111111,'grad':" + text + "}"));
			int chunk = 1 + random.nextInt(document.length);
			Numbers grad = Documents.read(Documents.inChunks(document, chunk), -1).grad();
			assertThat(grad.valueAt(0)).isEqualTo(Double.parseDouble(text));
		}
	}

	private static void digits(StringBuilder text, Random random, int count) {
		text.append((char) ('1' + random.nextInt(9)));
		for (int i = 1; i < count; i++) {
			text.append((char) ('0' + random.nextInt(10)));
		}
	}

	/// A decimal, its nearest neighbours of one more digit, and the roundings to 17 …
	/// 40 digits that lie beside it.
	private static void around(List<String> texts, BigDecimal value) {
		BigDecimal last = new BigDecimal(BigInteger.ONE, value.scale() + 1);
		texts.add(value.toString());
		texts.add(value.add(last).toString());
		texts.add(value.subtract(last).toString());
		for (int digits : new int[] { 17, 18, 19, 20, 40 }) {
			texts.add(value.round(new MathContext(digits, RoundingMode.UP)).toString());
			texts.add(value.round(new MathContext(digits, RoundingMode.DOWN)).toString());
		}
	}

	private static void assertAllExact(List<String> texts) {
		Numbers doubles = read(texts);
		List<String> withinF32 = new ArrayList<>();
		for (int i = 0; i < texts.size(); i++) {
			assertSame(texts.get(i), doubles.valueAt(i), exact(texts.get(i)));
			if (Float.isFinite(Float.parseFloat(texts.get(i)))) {
				withinF32.add(texts.get(i));
			}
		}
		if (withinF32.size() < texts.size()) {
			assertThatExceptionOfType(OutOfRangeException.class).isThrownBy(() -> doubles.as(DType.F32));
		}
		Numbers floats = read(withinF32).as(DType.F32);
		for (int i = 0; i < withinF32.size(); i++) {
			assertSame(withinF32.get(i), floats.valueAt(i), Float.parseFloat(withinF32.get(i)));
		}
	}

	/// Looks at the bits first: an assertion for each of a million numbers takes its
	/// time.
	private static void assertSame(String text, double actual, double expected) {
		if (Double.doubleToRawLongBits(actual) != Double.doubleToRawLongBits(expected)) {
			assertThat(actual).as(text).isEqualTo(expected);
		}
	}

	private static Numbers read(List<String> texts) {
		byte[] document = Documents.utf8(json("{'grad':[" + String.join(",", texts) + "]}"));
		try {
			return Documents.READER
				.read(Documents.TYPE, new ByteArrayInputStream(document), document.length,
						new Limits(document.length, texts.size(), Limits.LARGEST_SESSION), Documents.NO_SPOOL)
				.grad();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static double exact(String text) {
		double value;
		try {
			value = new BigDecimal(text).doubleValue();
		}
		catch (NumberFormatException ex) {
			// an exponent beyond what BigDecimal has
			value = Double.parseDouble(text);
		}
		// BigDecimal knows no negative zero
		return text.startsWith("-") ? -Math.abs(value) : value;
	}

}
