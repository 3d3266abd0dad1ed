package dev.adagrad.server;

/// The requests under way leave no room for this one; it was not begun.
public final class OverloadedException extends RuntimeException {

	OverloadedException() {
		super("other requests leave no room for this one now", null, false, false);
	}

}
