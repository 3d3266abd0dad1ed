package dev.adagrad.wire;

import java.math.BigInteger;

/// Rounds w · 10^q to F64, once, to nearest even, for any w of 64 bits: it takes one or two multiplications and never
/// needs the digits again.
///
/// w is multiplied with the first 128 bits of 5^q. The authors show that the bits beyond these can never change a
/// result, so no fallback is needed.
///
/// Stateless; safe for use by any number of threads.
///
/// @see <a href="https://doi.org/10.1002/spe.2984">Lemire, Number parsing at a gigabyte per second (2021), algorithm
/// 1</a>
/// @see <a href="https://doi.org/10.1002/spe.3198">Mushtak and Lemire, Fast number parsing without fallback (2023)</a>
final class EiselLemire {

	/// Below this, even the largest w gives less than half of the smallest double.
	private static final int LEAST_POWER = -342;

	/// Above this, even the smallest w gives more than the largest double.
	private static final int GREATEST_POWER = 308;

	private static final int MANTISSA_BITS = 52;

	private static final int EXPONENT_BIAS = 1023;

	private static final int INFINITE_EXPONENT = 0x7FF;

	/// The lowest bits of the upper half of a product: if all are 1, the bits left out
	/// of the power could carry into the mantissa.
	private static final long UNDECIDED = -1L >>> (MANTISSA_BITS + 3);

	/// Only for q from here to the next bound can w · 5^q lie in the middle between two
	/// doubles.
	private static final int LEAST_POWER_OF_MIDDLES = -4;

	private static final int GREATEST_POWER_OF_MIDDLES = 23;

	/// The first 128 bits of 5^q, as two longs, high before low; rounded up where q < 0.
	private static final long[] POWERS_OF_FIVE = powersOfFive();

	private EiselLemire() {
	}

	/// The double nearest to w · 10^q; infinite if that is beyond F64.
	/// @param w an unsigned number of 64 bits
	static double round(long w, int q) {
		if (w == 0 || q < LEAST_POWER) {
			return 0;
		}
		if (q > GREATEST_POWER) {
			return Double.POSITIVE_INFINITY;
		}
		int zeros = Long.numberOfLeadingZeros(w);
		long normal = w << zeros;
		int index = 2 * (q - LEAST_POWER);
		long low = normal * POWERS_OF_FIVE[index];
		long high = Math.unsignedMultiplyHigh(normal, POWERS_OF_FIVE[index]);
		if ((high & UNDECIDED) == UNDECIDED) {
			long more = Math.unsignedMultiplyHigh(normal, POWERS_OF_FIVE[index + 1]);
			low += more;
			if (Long.compareUnsigned(low, more) < 0) {
				high++;
			}
		}
		int top = (int) (high >>> 63);
		int shift = top + Long.SIZE - MANTISSA_BITS - 3;
		// one bit more than a double has
		long mantissa = high >>> shift;
		int exponent = binaryExponent(q) + top - zeros + EXPONENT_BIAS;
		if (exponent <= 0) {
			return subnormal(mantissa, exponent);
		}
		if ((low & ~1L) == 0 && q >= LEAST_POWER_OF_MIDDLES && q <= GREATEST_POWER_OF_MIDDLES && (mantissa & 3) == 1
				&& mantissa << shift == high) {
			// exactly in the middle, and the lower neighbour is the even one
			mantissa--;
		}
		// a carry out of the mantissa adds one to the exponent beside it, as it must
		long bits = ((mantissa + (mantissa & 1)) >>> 1) + ((long) (exponent - 1) << MANTISSA_BITS);
		return (bits >>> MANTISSA_BITS >= INFINITE_EXPONENT) ? Double.POSITIVE_INFINITY : Double.longBitsToDouble(bits);
	}

	private static double subnormal(long mantissa, int exponent) {
		int shift = 1 - exponent;
		if (shift >= Long.SIZE) {
			return 0;
		}
		long shifted = mantissa >>> shift;
		return Double.longBitsToDouble((shifted + (shifted & 1)) >>> 1);
	}

	/// ⌊log₂ 10^q⌋ + 63.
	private static int binaryExponent(int q) {
		return ((217_706 * q) >> 16) + 63;
	}

	private static long[] powersOfFive() {
		long[] powers = new long[2 * (GREATEST_POWER - LEAST_POWER + 1)];
		BigInteger five = BigInteger.valueOf(5);
		BigInteger power = BigInteger.ONE;
		for (int q = 0; q <= -LEAST_POWER; q++) {
			if (q <= GREATEST_POWER) {
				put(powers, q, first128Bits(power));
			}
			if (q > 0) {
				int bits = power.bitLength();
				// as many bits as the authors' proof assumes: up to 5^27 the quotient has
				// 128 right away
				int scale = (q <= 27) ? bits + 127 : 2 * bits + 128;
				BigInteger inverse = BigInteger.ONE.shiftLeft(scale).divide(power).add(BigInteger.ONE);
				put(powers, -q, first128Bits(inverse));
			}
			power = power.multiply(five);
		}
		return powers;
	}

	private static BigInteger first128Bits(BigInteger value) {
		return value.shiftRight(value.bitLength() - 128);
	}

	private static void put(long[] powers, int q, BigInteger bits) {
		int index = 2 * (q - LEAST_POWER);
		powers[index] = bits.shiftRight(Long.SIZE).longValue();
		powers[index + 1] = bits.longValue();
	}

}
