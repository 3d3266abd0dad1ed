package dev.adagrad.request;

/// A header breaks its grammar.
public final class MalformedHeaderException extends RuntimeException {

	/// @param header its name
	/// @param detail the rule, and what breaks it
	public MalformedHeaderException(String header, String detail) {
		super(header + " " + detail, null, false, false);
	}

}
