package dev.adagrad.wire;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EiselLemireTest {

	@ParameterizedTest(name = "seed {0}")
	@ValueSource(longs = { 1, 2, 3 })
	void roundsAnySignificandAndPower(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 150_000; i++) {
			assertExact(random.nextLong() >>> random.nextInt(64), random.nextInt(656) - 345);
			// one bit more than a double has: a middle, where the power is small
			assertExact((random.nextLong() >>> 10) | 1 | (1L << 53), random.nextInt(30) - 5);
		}
	}

	@Test
	void everyPowerOfTenAndItsNeighbours() {
		for (int q = -345; q <= 310; q++) {
			for (long w : new long[] { 0, 1, 2, 9, -1, -2, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) - 1, 1L << 53,
					(1L << 53) + 1, 9_999_999_999_999_999L }) {
				assertExact(w, q);
			}
		}
	}

	private static void assertExact(long w, int q) {
		String text = Long.toUnsignedString(w) + "e" + q;
		double expected = Double.parseDouble(text);
		double actual = EiselLemire.round(w, q);
		if (Double.doubleToRawLongBits(actual) != Double.doubleToRawLongBits(expected)) {
			assertThat(actual).as(text).isEqualTo(expected);
		}
	}

}
