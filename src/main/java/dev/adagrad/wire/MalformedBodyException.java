package dev.adagrad.wire;

/// A body is not RFC 8259 JSON in UTF-8, and where.
///
/// The message is meant for whoever sent the body. No stack trace is kept: the fault is in the bytes, not in the code.
public final class MalformedBodyException extends RuntimeException {

	private final int line;

	private final int column;

	private final String detail;

	/// @param line the line of the first offending byte, from 1
	/// @param column its column, from 1, in characters (code points)
	/// @param detail what is wrong there
	public MalformedBodyException(int line, int column, String detail) {
		super("line " + line + ", column " + column + ": " + detail, null, false, false);
		this.line = line;
		this.column = column;
		this.detail = detail;
	}

	/// The line of the first offending byte, from 1.
	public int line() {
		return this.line;
	}

	/// The column of the first offending byte, from 1, in code points; at the end of
	/// the input just after the last.
	public int column() {
		return this.column;
	}

	/// What is wrong there.
	public String detail() {
		return this.detail;
	}

}
