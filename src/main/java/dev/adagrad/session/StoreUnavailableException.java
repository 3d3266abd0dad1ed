package dev.adagrad.session;

/// The store cannot be reached, or did not answer. A call that writes may have been applied all the same.
public final class StoreUnavailableException extends RuntimeException {

	public StoreUnavailableException(String message, Throwable cause) {
		super(message, cause);
	}

}
