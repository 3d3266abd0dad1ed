package dev.adagrad.access;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/// A key: `adagrad_`, 256 random bits as 43 characters, and the CRC-32 of all of that as 6 more. The characters are
/// digits, then capital, then small letters (base 62), the most significant first. So a scanner for secrets knows a key
/// when it sees one, and a key that was cut off is told from one that nobody knows.
///
/// It is secret: nothing prints it but the command that has made it.
///
/// @see <a href="https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/">the
/// format of GitHub's tokens</a>, which this follows
final class Key {

	private static final String PREFIX = "adagrad_";

	private static final int RANDOM_BYTES = 32;

	private static final int RANDOM_DIGITS = 43;

	private static final int CHECKSUM_DIGITS = 6;

	private static final Pattern FORM = Pattern
		.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM_DIGITS + CHECKSUM_DIGITS) + "}");

	private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

	private Key() {
	}

	/// A new key.
	static String create(SecureRandom random) {
		byte[] bits = new byte[RANDOM_BYTES];
		random.nextBytes(bits);
		String key = PREFIX + digits(new BigInteger(1, bits), RANDOM_DIGITS);
		return key + checksum(key);
	}

	/// Whether a text has the form of a key, with the right checksum.
	static boolean isWellFormed(String text) {
		int end = text.length() - CHECKSUM_DIGITS;
		return FORM.matcher(text).matches() && text.substring(end).equals(checksum(text.substring(0, end)));
	}

	/// The SHA-256 of a key, by which its record knows it. The key has 256 random bits,
	/// so nobody finds it from this, and a slow hash would add nothing.
	static byte[] hash(String key) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every JDK has SHA-256", ex);
		}
	}

	private static String checksum(String text) {
		CRC32 crc = new CRC32();
		crc.update(text.getBytes(StandardCharsets.US_ASCII));
		return digits(BigInteger.valueOf(crc.getValue()), CHECKSUM_DIGITS);
	}

	private static String digits(BigInteger number, int count) {
		char[] digits = new char[count];
		BigInteger rest = number;
		for (int i = count - 1; i >= 0; i--) {
			BigInteger[] parts = rest.divideAndRemainder(BASE);
			digits[i] = DIGITS.charAt(parts[1].intValue());
			rest = parts[0];
		}
		return new String(digits);
	}

}
