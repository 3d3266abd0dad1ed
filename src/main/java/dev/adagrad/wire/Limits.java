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

	/// Limits that allow the largest tensors in sessions.
	public Limits(long maxRequestBytes, int maxElements) {
		this(maxRequestBytes, maxElements, LARGEST_SESSION);
	}

	/// @throws IllegalArgumentException if a limit is out of its range
	public Limits {
		if (maxRequestBytes < 0) {
			throw new IllegalArgumentException("maxRequestBytes must be >= 0, was " + maxRequestBytes);
		}
		if (maxElements < 1) {
			throw new IllegalArgumentException("maxElements must be >= 1, was " + maxElements);
		}
		if (maxSessionElements < 1 || maxSessionElements > LARGEST_SESSION) {
			throw new IllegalArgumentException(
					"maxSessionElements must be 1 to " + LARGEST_SESSION + ", was " + maxSessionElements);
		}
	}

	/// Refuses a body because of its announced length, before the server asks for it: a
	/// client that waits for "100 Continue" need not send it.
	/// @param contentLength the announced length, or −1 if there is none
	/// @throws Refusal if the length is beyond the limit
	void requireBody(long contentLength) {
		if (contentLength > this.maxRequestBytes) {
			throw Refusal.tooLarge("the body", this.maxRequestBytes, "bytes");
		}
	}

}
