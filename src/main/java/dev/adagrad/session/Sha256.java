package dev.adagrad.session;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// A SHA-256 digest: 32 bytes. Two inputs with the same digest are taken for equal.
///
/// Immutable; safe for use by any number of threads.
///
/// @see <a href="https://doi.org/10.6028/NIST.FIPS.180-4">FIPS 180-4, Secure Hash Standard</a>
public final class Sha256 {

	/// The length in bytes.
	public static final int BYTES = 32;

	private final byte[] bytes;

	private Sha256(byte[] bytes) {
		this.bytes = bytes;
	}

	/// A stored digest.
	/// @param bytes 32 bytes; copied
	/// @throws IllegalArgumentException if there are not 32 bytes
	public static Sha256 ofBytes(byte[] bytes) {
		if (bytes.length != BYTES) {
			throw new IllegalArgumentException("a digest has " + BYTES + " bytes, not " + bytes.length);
		}
		return new Sha256(bytes.clone());
	}

	/// The digest of all bytes that `algorithm` has been given; resets it.
	public static Sha256 of(MessageDigest algorithm) {
		return new Sha256(algorithm.digest());
	}

	/// A digest that bytes can be added to.
	public static MessageDigest algorithm() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java platform has SHA-256", ex);
		}
	}

	/// A copy of the 32 bytes.
	public byte[] toBytes() {
		return this.bytes.clone();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Sha256 that && Arrays.equals(this.bytes, that.bytes);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.bytes);
	}

	@Override
	public String toString() {
		return HexFormat.of().formatHex(this.bytes);
	}

}
