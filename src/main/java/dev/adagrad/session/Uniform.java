package dev.adagrad.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// Evenly spread pseudo-random values. Each is computed from its index alone, so that none need be kept.
///
/// Element i is `low + u · (high − low)` in F64, with `u = (z >>> 11) · 2⁻⁵³` and
/// `z = mix(key + (i + 1) · 0x9E3779B97F4A7C15)`: the output of SplitMix64 from the state `key`, the first eight bytes,
/// little-endian, of the SHA-256 of `<seed>/<name>`.
///
/// Immutable; safe for use by any number of threads.
///
/// @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood, Fast Splittable Pseudorandom Number
/// Generators, OOPSLA 2014</a>
public final class Uniform {

	private static final long GOLDEN = 0x9E3779B97F4A7C15L;

	private static final double ULP = 0x1.0p-53;

	private final double low;

	private final double width;

	private final long key;

	/// @param name of the tensor; empty if it has none
	public Uniform(Initial.Uniform rule, String name) {
		this.low = rule.low();
		this.width = rule.high() - rule.low();
		MessageDigest digest = Sha256.algorithm();
		digest.update((rule.seed() + "/" + name).getBytes(StandardCharsets.US_ASCII));
		this.key = ByteBuffer.wrap(digest.digest()).order(ByteOrder.LITTLE_ENDIAN).getLong();
	}

	/// The value of an element, in F64.
	/// @param index its flat index in the tensor
	public double at(long index) {
		long z = this.key + (index + 1) * GOLDEN;
		z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
		z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
		z ^= z >>> 31;
		return this.low + (z >>> 11) * ULP * this.width;
	}

}
