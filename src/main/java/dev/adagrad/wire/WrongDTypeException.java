package dev.adagrad.wire;

/// A tensor has another dtype than it must have.
///
/// The message is meant for whoever sent the body. No stack trace is kept: the fault is in the bytes, not in the code.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901: JSON Pointer</a>
public final class WrongDTypeException extends RuntimeException {

	private final String pointer;

	private final String detail;

	/// @param pointer the tensor, as an RFC 6901 pointer: `/grad`
	/// @param detail its dtype, and which it must have
	public WrongDTypeException(String pointer, String detail) {
		super(pointer + " " + detail, null, false, false);
		this.pointer = pointer;
		this.detail = detail;
	}

	/// The tensor: an RFC 6901 pointer.
	public String pointer() {
		return this.pointer;
	}

	/// Its dtype, and which it must have: `is F32, must be F64`.
	public String detail() {
		return this.detail;
	}

}
