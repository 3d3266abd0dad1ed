package dev.adagrad.spool;

/// The requests under way leave no room for this one. Nothing of it was applied.
public final class OverloadedException extends RuntimeException {

	/// @param detail what there is no room for, in a sentence
	public OverloadedException(String detail) {
		super(detail, null, false, false);
	}

}
