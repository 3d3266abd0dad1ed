package dev.adagrad.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/// Writes F64 and F32 as [Double#toString(double)] and [Float#toString(float)] do, char for char, straight into bytes: the
/// fewest digits, but at least two, that read back to the same value of the dtype, and among those the nearest. Only the
/// smallest subnormals have one digit if one is enough: `5E-324`, where Java writes `4.9E-324`.
///
/// The value is c · 2^q. Schubfach takes the interval of the numbers that round to it, scaled by the power of ten
/// 10^−k that leaves 17 digits or one less. If the interval contains a multiple of 10, that is the answer; otherwise
/// it is one of the two integers beside the value. It is faster here than in the JDK because it produces eight digits
/// at once.
///
/// Stateless; safe for use by any number of threads.
///
/// @see <a href="https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f">Giulietti, The Schubfach way to
/// render doubles (2020)</a>
final class ShortestDecimal {

	/// The largest number of bytes written for one number; the bytes after the returned
	/// end are free again.
	static final int ROOM = 32;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long EIGHT_ZEROS = 0x3030303030303030L;

	/// The characters "0." and zeros.
	private static final long ZERO_POINT_ZEROS = 0x3030303030302E30L;

	private static final int EIGHT_DIGITS = 100_000_000;

	/// The number of digits produced for every number: one, eight and eight.
	private static final int DIGITS = 17;

	private static final long[] POWERS_OF_TEN = powersOfTen();

	private static final int LEAST_K = -324;

	private static final int GREATEST_K = 292;

	private static final long LOW_63_BITS = Long.MAX_VALUE;

	/// For each k the first 126 bits of 10^−k, rounded up, as two longs of 63 bits.
	private static final long[] SCALES = scales();

	private ShortestDecimal() {
	}

	/// Writes a double.
	/// @param bytes the array, with [#ROOM] bytes from `at` on
	/// @return where the number ends
	/// @throws IllegalArgumentException if the value is not finite
	static int write(double value, byte[] bytes, int at) {
		long bits = Double.doubleToRawLongBits(value);
		bytes[at] = '-';
		return write(bits & 0x000F_FFFF_FFFF_FFFFL, (int) (bits >>> 52) & 0x7FF, Format.F64, bytes,
				at + (int) (bits >>> 63));
	}

	/// Writes a float.
	/// @param bytes the array, with [#ROOM] bytes from `at` on
	/// @return where the number ends
	/// @throws IllegalArgumentException if the value is not finite
	static int write(float value, byte[] bytes, int at) {
		int bits = Float.floatToRawIntBits(value);
		bytes[at] = '-';
		return write(bits & 0x007F_FFFF, (bits >>> 23) & 0xFF, Format.F32, bytes, at + (bits >>> 31));
	}

	private static int write(long fraction, int biasedExponent, Format format, byte[] bytes, int at) {
		if (biasedExponent == format.nonFinite) {
			throw new IllegalArgumentException("a number must be finite");
		}
		if (biasedExponent == 0) {
			if (fraction < format.tiny) {
				// too small for two digits without a factor of 10
				return (fraction == 0) ? zero(bytes, at)
						: shortest(10 * fraction, format.leastExponent, -1, true, bytes, at);
			}
			return shortest(fraction, format.leastExponent, 0, true, bytes, at);
		}
		int q = format.leastExponent + biasedExponent - 1;
		long c = fraction | (1L << format.fractionBits);
		if (q <= 0 && -q <= format.fractionBits && c >>> -q << -q == c) {
			return digits(c >>> -q, 0, bytes, at);
		}
		// the neighbour below a power of two is half as far away as the one above
		boolean evenlySpaced = fraction != 0 || biasedExponent == 1;
		return shortest(c, q, 0, evenlySpaced, bytes, at);
	}

	private static int zero(byte[] bytes, int at) {
		bytes[at] = '0';
		bytes[at + 1] = '.';
		bytes[at + 2] = '0';
		return at + 3;
	}

	/// Writes c · 2^q · 10^shift. The names are from the paper.
	private static int shortest(long c, int q, int shift, boolean evenlySpaced, byte[] bytes, int at) {
		int odd = (int) c & 1;
		int k = evenlySpaced ? floorLog10OfPowerOf2(q) : floorLog10OfThreeQuartersOfPowerOf2(q);
		int h = q + floorLog2OfPowerOf10(-k) + 2;
		int index = 2 * (k - LEAST_K);
		long g1 = SCALES[index];
		long g0 = SCALES[index + 1];
		// from here on everything is multiplied by four, so that halves and quarters are
		// integers
		long cb = c << 2;
		long vb = roundedToOdd(g1, g0, cb << h);
		long vbl = roundedToOdd(g1, g0, (cb - (evenlySpaced ? 2 : 1)) << h);
		long vbr = roundedToOdd(g1, g0, (cb + 2) << h);
		long s = vb >> 2;
		if (s >= 100) {
			// s / 10, rounded down
			long below = 10 * Math.multiplyHigh(s, 115_292_150_460_684_698L << 4);
			long above = below + 10;
			boolean belowIsIn = vbl + odd <= below << 2;
			boolean aboveIsIn = (above << 2) + odd <= vbr;
			if (belowIsIn != aboveIsIn) {
				return digits(belowIsIn ? below : above, k + shift, bytes, at);
			}
		}
		long t = s + 1;
		boolean sIsIn = vbl + odd <= s << 2;
		boolean tIsIn = (t << 2) + odd <= vbr;
		long nearer = vb - ((s + t) << 1);
		boolean takeS = (sIsIn != tIsIn) ? sIsIn : (nearer < 0 || (nearer == 0 && (s & 1) == 0));
		long f = takeS ? s : t;
		if (s < 100 && f % 10 != 0) {
			// the neighbours of c · 2^q · 10^shift are 10^−shift times as far away as
			// those of c · 2^q
			long half = (shift == 0) ? 2 : 20;
			long nearest = (vb < (10 * (s / 10) + 5) << 2) ? 10 * (s / 10) : 10 * (s / 10) + 10;
			if (roundedToOdd(g1, g0, (cb - half) << h) < nearest << 2
					&& nearest << 2 < roundedToOdd(g1, g0, (cb + half) << h)) {
				return oneDigit(nearest, k + shift, bytes, at);
			}
		}
		return digits(f, k + shift, bytes, at);
	}

	/// Writes tens · 10^e, where the tens are 10, 20 … 90 or 100.
	private static int oneDigit(long tens, int e, byte[] bytes, int at) {
		bytes[at] = (byte) ('0' + ((tens == 100) ? 1 : tens / 10));
		return exponent((tens == 100) ? e + 2 : e + 1, bytes, at + 1);
	}

	/// g · cp · 2^−126, rounded to odd, so that later comparisons stay correct.
	private static long roundedToOdd(long g1, long g0, long cp) {
		long x1 = Math.multiplyHigh(g0, cp);
		long y0 = g1 * cp;
		long y1 = Math.multiplyHigh(g1, cp);
		long z = (y0 >>> 1) + x1;
		long w = y1 + (z >>> 63);
		return w | (((z & LOW_63_BITS) + LOW_63_BITS) >>> 63);
	}

	/// Writes f · 10^e, without the zeros at its end.
	private static int digits(long f, int e, byte[] bytes, int at) {
		int length = floorLog10OfPowerOf2(Long.SIZE - Long.numberOfLeadingZeros(f));
		if (f >= POWERS_OF_TEN[length]) {
			length++;
		}
		long all = f * POWERS_OF_TEN[DIGITS - length];
		long firstNine = all / EIGHT_DIGITS;
		int first = (int) (firstNine / EIGHT_DIGITS);
		int middle = (int) (firstNine - (long) first * EIGHT_DIGITS);
		int last = (int) (all - firstNine * EIGHT_DIGITS);
		long middleDigits = eightDigits(middle);
		long lastDigits = (last == 0) ? 0 : eightDigits(last);
		int significant = (last == 0) ? 9 - zerosAtTheEnd(middleDigits) : DIGITS - zerosAtTheEnd(lastDigits);
		middleDigits |= EIGHT_ZEROS;
		lastDigits |= EIGHT_ZEROS;
		// the point comes after this many digits
		int point = e + length;
		if (point > 0 && point <= 7) {
			bytes[at] = (byte) ('0' + first);
			LONGS.set(bytes, at + 1, middleDigits);
			LONGS.set(bytes, at + 1 + point, middleDigits >>> (Byte.SIZE * (point - 1)));
			bytes[at + point] = '.';
			LONGS.set(bytes, at + 10, lastDigits);
			return at + 1 + Math.max(significant, point + 1);
		}
		if (point > -3 && point <= 0) {
			LONGS.set(bytes, at, ZERO_POINT_ZEROS);
			int from = at + 2 - point;
			bytes[from] = (byte) ('0' + first);
			LONGS.set(bytes, from + 1, middleDigits);
			LONGS.set(bytes, from + 9, lastDigits);
			return from + significant;
		}
		bytes[at] = (byte) ('0' + first);
		bytes[at + 1] = '.';
		LONGS.set(bytes, at + 2, middleDigits);
		LONGS.set(bytes, at + 10, lastDigits);
		return exponent(point - 1, bytes, at + 1 + Math.max(significant, 2));
	}

	private static int exponent(int exponent, byte[] bytes, int at) {
		int to = at;
		bytes[to++] = 'E';
		if (exponent < 0) {
			bytes[to++] = '-';
		}
		int rest = Math.abs(exponent);
		if (rest >= 100) {
			bytes[to++] = (byte) ('0' + rest / 100);
		}
		if (rest >= 10) {
			bytes[to++] = (byte) ('0' + rest / 10 % 10);
		}
		bytes[to++] = (byte) ('0' + rest % 10);
		return to;
	}

	/// The eight digits of a number, one to a byte, the first in the lowest: the number
	/// is halved into fours, twos and ones, all at once.
	private static long eightDigits(int number) {
		long high = number / 10_000;
		long fours = high | ((number - 10_000 * high) << 32);
		long hundreds = ((fours * 10_486) >>> 20) & 0x0000_007F_0000_007FL;
		long twos = hundreds | ((fours - 100 * hundreds) << 16);
		long tens = ((twos * 103) >>> 10) & 0x000F_000F_000F_000FL;
		return tens | ((twos - 10 * tens) << 8);
	}

	private static int zerosAtTheEnd(long eightDigits) {
		return Long.numberOfLeadingZeros(eightDigits) / Byte.SIZE;
	}

	private static int floorLog10OfPowerOf2(int e) {
		return (int) ((e * 661_971_961_083L) >> 41);
	}

	private static int floorLog10OfThreeQuartersOfPowerOf2(int e) {
		return (int) ((e * 661_971_961_083L - 274_743_187_321L) >> 41);
	}

	private static int floorLog2OfPowerOf10(int e) {
		return (int) ((e * 913_124_641_741L) >> 38);
	}

	private static long[] powersOfTen() {
		long[] powers = new long[DIGITS + 2];
		powers[0] = 1;
		for (int i = 1; i < powers.length; i++) {
			powers[i] = 10 * powers[i - 1];
		}
		return powers;
	}

	private static long[] scales() {
		long[] scales = new long[2 * (GREATEST_K - LEAST_K + 1)];
		for (int k = LEAST_K; k <= GREATEST_K; k++) {
			int r = floorLog2OfPowerOf10(-k) - 125;
			BigInteger power = BigInteger.TEN.pow(Math.abs(k));
			BigInteger scale = (k > 0) ? BigInteger.ONE.shiftLeft(-r).divide(power) : power.shiftRight(r);
			scale = scale.add(BigInteger.ONE);
			int index = 2 * (k - LEAST_K);
			scales[index] = scale.shiftRight(63).longValueExact();
			scales[index + 1] = scale.longValue() & LOW_63_BITS;
		}
		return scales;
	}

	/// The differences between the two dtypes.
	private enum Format {

		F64(52, 0x7FF, -1074, 3), F32(23, 0xFF, -149, 8);

		private final int fractionBits;

		private final int nonFinite;

		private final int leastExponent;

		/// Smaller fractions are less than 10 of the units that k leaves.
		private final int tiny;

		Format(int fractionBits, int nonFinite, int leastExponent, int tiny) {
			this.fractionBits = fractionBits;
			this.nonFinite = nonFinite;
			this.leastExponent = leastExponent;
			this.tiny = tiny;
		}

	}

}
