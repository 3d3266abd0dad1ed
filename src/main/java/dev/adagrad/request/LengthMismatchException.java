package dev.adagrad.request;

import java.util.Map;

/// An array has another length than it must have.
public final class LengthMismatchException extends RuntimeException {

	private final String pointer;

	private final String detail;

	private final Map<String, Integer> lengths;

	/// @param pointer to the array
	/// @param detail the rule and what breaks it
	/// @param lengths both lengths, by what they are of
	public LengthMismatchException(String pointer, String detail, Map<String, Integer> lengths) {
		super(pointer + " " + detail);
		this.pointer = pointer;
		this.detail = detail;
		this.lengths = lengths;
	}

	/// The array, as an RFC 6901 pointer.
	public String pointer() {
		return this.pointer;
	}

	/// The rule, and what breaks it.
	public String detail() {
		return this.detail;
	}

	/// Both lengths, by what they are of.
	public Map<String, Integer> lengths() {
		return this.lengths;
	}

}
