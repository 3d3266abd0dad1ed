package dev.adagrad.wire;

/// A body is well-formed, but an index in it is none that a tensor can have.
///
/// The message is meant for whoever sent the body. No stack trace is kept: the fault is in the bytes, not in the code.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901: JSON Pointer</a>
public final class IndexOutOfRangeException extends RuntimeException {

	private final String pointer;

	private final String detail;

	/// @param pointer where, as an RFC 6901 pointer: `/indices/3`
	/// @param detail the range, and what was given
	public IndexOutOfRangeException(String pointer, String detail) {
		super(pointer + " " + detail, null, false, false);
		this.pointer = pointer;
		this.detail = detail;
	}

	/// Where: an RFC 6901 pointer.
	public String pointer() {
		return this.pointer;
	}

	/// The range, and what was given: `must be within 0 … 9, was 10`.
	public String detail() {
		return this.detail;
	}

}
