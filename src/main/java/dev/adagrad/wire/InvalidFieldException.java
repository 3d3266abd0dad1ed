package dev.adagrad.wire;

/// A body is well-formed, but a field of it is refused.
///
/// The message is meant for whoever sent the body. No stack trace is kept: the fault is in the bytes, not in the code.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901: JSON Pointer</a>
public final class InvalidFieldException extends RuntimeException {

	private final String pointer;

	private final String detail;

	/// @param pointer where, as an RFC 6901 pointer: `/grad/3`, or empty for the whole
	/// body
	/// @param detail the rule that is broken, and by what
	public InvalidFieldException(String pointer, String detail) {
		super((pointer.isEmpty() ? "the body" : pointer) + " " + detail, null, false, false);
		this.pointer = pointer;
		this.detail = detail;
	}

	/// Where: an RFC 6901 pointer, empty for the whole body.
	public String pointer() {
		return this.pointer;
	}

	/// The rule that is broken, and by what: `must be a number, was a string`.
	public String detail() {
		return this.detail;
	}

}
