package dev.adagrad.refusal;

/// One place in the request that breaks a rule.
///
/// @param pointer a JSON pointer (RFC 6901) into the body; empty for the whole body
/// @param detail the rule, and the value that breaks it
public record Place(String pointer, String detail) {

	/// The words for the place in a sentence.
	String where() {
		return this.pointer.isEmpty() ? "the body" : this.pointer;
	}

	@Override
	public String toString() {
		return where() + " " + this.detail;
	}

}
