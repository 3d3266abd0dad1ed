package dev.adagrad.wire;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import dev.adagrad.tensor.Decimals;

/// Reads the numbers of a JSON document. One pass finds where a number ends, by the grammar of RFC 8259 section 6, and
/// collects its digits. Then the number is rounded once, to nearest even, as IEEE 754 and [Double#parseDouble(String)]
/// do.
///
/// Not thread-safe.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-6">RFC 8259: numbers</a>
/// @see <a href="https://doi.org/10.1145/93542.93557">Clinger, How to read floating point numbers accurately (1990)</a>
/// @see <a href="https://lemire.me/blog/2022/01/21/swar-explained-parsing-eight-digits/">Lemire, SWAR explained: parsing
/// eight digits</a>
final class NumberScanner {

	/// The largest number of characters of a number. It bounds the cost of one number,
	/// which grows with the square of its length. The exact value of any double needs
	/// fewer than 800 digits.
	static final int MAX_LENGTH = 4096;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private static final long EIGHT_ZEROS = 0x3030303030303030L;

	private static final long[] POWERS_OF_TEN = { 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000,
			100_000_000 };

	private static final double[] EXACT_POWERS_OF_TEN = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
			1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

	private static final int MAX_EXACT_POWER = 22;

	private static final int MAX_EXACT_BITS = 53;

	/// One bit each for '-' and '0' … '9'.
	private static final long FIRST_CHARACTERS = (1L << '-') | (0x3FFL << '0');

	/// An unsigned `long` can hold every number with this many digits.
	private static final int MAX_SIGNIFICANT_DIGITS = 19;

	private static final int EXPONENT_BEYOND_ALL = 1_000_000;

	private final JsonCursor cursor;

	/// The start of the number in the cursor's buffer, valid until the cursor is asked
	/// for more bytes.
	private int start;

	private int end;

	/// The highest bit is set if there is a minus.
	private long sign;

	private boolean integer;

	/// The number is ±significand · 10^exponent, if it has few enough digits.
	private long significand;

	private int exponent;

	private int significantDigits;

	NumberScanner(JsonCursor cursor) {
		this.cursor = cursor;
	}

	/// Whether a number begins with this character.
	static boolean begins(int c) {
		// one test that is nearly always true: a branch on '-' is slow when signs are
		// random
		return c < Long.SIZE && ((FIRST_CHARACTERS >>> c) & 1) != 0;
	}

	/// Reads the number at the cursor. False if it is longer than [#MAX_LENGTH]; then it
	/// has been skipped.
	boolean scan() throws IOException {
		JsonCursor cursor = this.cursor;
		cursor.require(MAX_LENGTH + 1);
		byte[] buffer = cursor.buffer;
		int first = cursor.position;
		this.start = first;
		int p = first;
		// without a branch: 1 if this is '-', and 0 for a digit
		int minus = ((buffer[p] ^ '-') - 1) >>> (Integer.SIZE - 1);
		this.sign = (long) minus << (Long.SIZE - 1);
		p += minus;
		int digits = p;
		int digit = buffer[p] - '0';
		if (digit < 0 || digit > 9) {
			skip();
			return false;
		}
		boolean zero = digit == 0;
		long w = digit;
		digit = buffer[++p] - '0';
		while (digit >= 0 && digit <= 9) {
			w = 10 * w + digit;
			digit = buffer[++p] - '0';
		}
		int count = p - digits;
		boolean regular = !zero || count == 1;
		int exponent = 0;
		this.integer = true;
		if (buffer[p] == '.') {
			int point = p++;
			long eight = (long) LONGS.get(buffer, p) ^ EIGHT_ZEROS;
			int run = digitsIn(eight);
			while (run == Long.BYTES) {
				w = POWERS_OF_TEN[Long.BYTES] * w + eightDigits(eight);
				p += Long.BYTES;
				eight = (long) LONGS.get(buffer, p) ^ EIGHT_ZEROS;
				run = digitsIn(eight);
			}
			// fewer than eight digits: the shift drops the bytes after them at the top,
			// and puts zeros before them
			w = POWERS_OF_TEN[run] * w + eightDigits(eight << (Long.SIZE - Byte.SIZE - Byte.SIZE * run) << Byte.SIZE);
			p += run;
			exponent = point + 1 - p;
			count -= exponent;
			regular &= exponent < 0;
			this.integer = false;
		}
		int digitsEnd = p;
		if ((buffer[p] | 0x20) == 'e') {
			p++;
			boolean down = buffer[p] == '-';
			if (down || buffer[p] == '+') {
				p++;
			}
			int e = 0;
			int from = p;
			digit = buffer[p] - '0';
			while (digit >= 0 && digit <= 9) {
				e = (e < EXPONENT_BEYOND_ALL) ? 10 * e + digit : e;
				digit = buffer[++p] - '0';
			}
			regular &= p > from;
			exponent += down ? -e : e;
			this.integer = false;
		}
		if (!regular || p - first > MAX_LENGTH || !endsAt(p)) {
			// read it again, step by step, to say what is wrong and where, or to reach
			// the end of a number that is too long
			skip();
			return false;
		}
		if (count > MAX_SIGNIFICANT_DIGITS) {
			count -= leadingZeros(digits, digitsEnd);
		}
		this.significand = w;
		this.exponent = exponent;
		this.significantDigits = count;
		this.end = p;
		cursor.position = p;
		return true;
	}

	/// The number of digits before the first byte that is not a digit, in eight bytes
	/// reduced to the values of digits.
	private static int digitsIn(long eight) {
		// a value of 10 or more sets the top bit of its byte; a carry reaches only later
		// bytes
		long others = (eight | (eight + 0x7676767676767676L)) & 0x8080808080808080L;
		return Long.numberOfTrailingZeros(others) / Byte.SIZE;
	}

	/// The number with these eight digits, which are already reduced to their values,
	/// the first in the lowest byte.
	private static long eightDigits(long eight) {
		long pairs = (eight * 10) + (eight >>> 8);
		return (((pairs & 0x000000FF000000FFL) * 0x000F424000000064L)
				+ (((pairs >>> 16) & 0x000000FF000000FFL) * 0x0000271000000001L)) >>> 32;
	}

	private boolean endsAt(int p) {
		byte c = this.cursor.buffer[p];
		return c == ',' || switch (c) {
			case ']', '}', ' ', '\n', '\r', '\t' -> true;
			default -> p == this.cursor.limit && this.cursor.isEnded();
		};
	}

	private int leadingZeros(int from, int to) {
		byte[] buffer = this.cursor.buffer;
		int zeros = 0;
		for (int p = from; p < to && (buffer[p] == '0' || buffer[p] == '.'); p++) {
			if (buffer[p] == '0') {
				zeros++;
			}
		}
		return zeros;
	}

	/// The number last scanned, in F64; infinite if it is beyond F64.
	double toDouble() {
		if (this.significantDigits <= MAX_SIGNIFICANT_DIGITS) {
			double magnitude = magnitude(this.significand, this.exponent);
			return Double.longBitsToDouble(Double.doubleToRawLongBits(magnitude) | this.sign);
		}
		return Double.parseDouble(text());
	}

	private static double magnitude(long significand, int exponent) {
		if (exponent <= 0 && exponent >= -MAX_EXACT_POWER && significand >>> MAX_EXACT_BITS == 0) {
			// short decimals: both operands are exact, and only the division rounds
			return significand / EXACT_POWERS_OF_TEN[-exponent];
		}
		return EiselLemire.round(significand, exponent);
	}

	/// The number last scanned, in F32; infinite if it is beyond F32.
	///
	/// It is rounded to F64 first. Rounding twice is correct unless the first rounding
	/// ends exactly in the middle between two floats: it may reach the middle but never
	/// pass it, and the second rounding cannot know from which side it came.
	float toFloat() {
		double once = toDouble();
		return Decimals.Builder.isBetweenFloats(once) ? Float.parseFloat(text()) : (float) once;
	}

	/// The number last scanned, however it is written: `1e3` is 1000.
	/// @throws ArithmeticException if it is not an integer, or is beyond 64 bits
	long toLong() {
		if (this.integer && this.significantDigits < MAX_SIGNIFICANT_DIGITS) {
			return (this.sign != 0) ? -this.significand : this.significand;
		}
		if (this.significand == 0 && this.significantDigits <= MAX_SIGNIFICANT_DIGITS) {
			return 0;
		}
		try {
			return new BigDecimal(text()).longValueExact();
		}
		catch (NumberFormatException ex) {
			throw new ArithmeticException("exponent beyond 32 bits");
		}
	}

	/// Whether the number last scanned is an integer of any size, however it is written.
	boolean isInteger() {
		try {
			return new BigDecimal(text()).stripTrailingZeros().scale() <= 0;
		}
		catch (NumberFormatException ex) {
			// an exponent beyond 32 bits
			return this.exponent > 0;
		}
	}

	/// The characters of the number last scanned.
	String text() {
		return new String(this.cursor.buffer, this.start, this.end - this.start, StandardCharsets.ISO_8859_1);
	}

	/// Skips the number at the cursor, of any length.
	void skip() throws IOException {
		JsonCursor cursor = this.cursor;
		if (cursor.peek() == '-') {
			cursor.position++;
			if (cursor.peek() == 'I') {
				throw cursor.malformed("Infinity is not a JSON number");
			}
		}
		if (cursor.peek() == '0') {
			cursor.position++;
			if (isDigit(cursor.peek())) {
				throw cursor.malformed("a number must not have leading zeros");
			}
		}
		else {
			digits("a number must begin with a digit");
		}
		if (cursor.peek() == '.') {
			cursor.position++;
			digits("a digit must follow the decimal point");
		}
		if ((cursor.peek() | 0x20) == 'e') {
			cursor.position++;
			int sign = cursor.peek();
			if (sign == '-' || sign == '+') {
				cursor.position++;
			}
			digits("an exponent must have a digit");
		}
		if (cursor.peek() >= 0 && !endsAt(cursor.position)) {
			throw cursor.malformed("this is no part of a number");
		}
	}

	private void digits(String rule) throws IOException {
		if (!isDigit(this.cursor.peek())) {
			throw this.cursor.malformed((this.cursor.peek() < 0) ? "the body ends within a number" : rule);
		}
		while (isDigit(this.cursor.peek())) {
			this.cursor.position++;
		}
	}

	private static boolean isDigit(int c) {
		return c >= '0' && c <= '9';
	}

}
