package dev.adagrad.wire;

/// A body is not a safetensors file, and where.
///
/// The message is meant for whoever sent the body. No stack trace is kept: the fault is in the bytes, not in the code.
public final class MalformedFileException extends RuntimeException {

	private final long offset;

	private final String detail;

	/// @param offset of the first offending byte, from 0
	/// @param detail what is wrong there
	public MalformedFileException(long offset, String detail) {
		super("byte " + offset + ": " + detail, null, false, false);
		this.offset = offset;
		this.detail = detail;
	}

	/// How many bytes go before the first offending one.
	public long offset() {
		return this.offset;
	}

	/// What is wrong there.
	public String detail() {
		return this.detail;
	}

}
