package dev.adagrad.wire;

import dev.adagrad.refusal.Refusal;

/// How much a request may send or ask for; beyond it a [Refusal] is the answer.
///
/// @param maxRequestBytes the longest body, in bytes, ≥ 0
/// @param maxElements the longest array, ≥ 1
/// @param maxSessionElements the largest tensor of a session, ≥ 1
public record Limits(long maxRequestBytes, int maxElements, long maxSessionElements) {

	/// The largest number of elements of a tensor whose bytes can be counted with ease:
	/// 2⁴⁰.
	public static final long LARGEST_SESSION = 1L << 40;

}
