package dev.adagrad.wire;

/// A body, or an array in it, is longer than its limit; it was not held.
///
/// The message is meant for whoever sent the body. No stack trace is kept: the fault is in the bytes, not in the code.
public final class TooLargeException extends RuntimeException {

	private final long limit;

	/// @param what what is too large: `the body`, or the name of a field
	/// @param limit the most that is taken
	/// @param unit what the limit counts: `bytes`, `elements`
	public TooLargeException(String what, long limit, String unit) {
		super(what + " must have at most " + limit + " " + unit, null, false, false);
		this.limit = limit;
	}

	static TooLargeException body(long maxRequestBytes) {
		return new TooLargeException("the body", maxRequestBytes, "bytes");
	}

	/// The most that is taken.
	public long limit() {
		return this.limit;
	}

}
