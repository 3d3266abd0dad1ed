package dev.adagrad.session;

/// The store has no room left for what was to be written; nothing was written, and all that was there can be read.
public final class StoreFullException extends RuntimeException {

	/// @param cause what the database says
	public StoreFullException(Throwable cause) {
		super("the store is full; nothing was changed", cause);
	}

	/// @param reason why there is no room
	public StoreFullException(String reason) {
		super("the store is full: " + reason + "; nothing was changed");
	}

}
