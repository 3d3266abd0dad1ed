package dev.adagrad.session;

import org.jspecify.annotations.Nullable;

/// The store cannot be reached, or did not answer. A call that writes may have been applied all the same.
public final class StoreUnavailableException extends RuntimeException {

	public StoreUnavailableException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
