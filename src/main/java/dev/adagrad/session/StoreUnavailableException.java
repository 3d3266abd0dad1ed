package dev.adagrad.session;

import org.jspecify.annotations.Nullable;

/// The store cannot be reached, or did not answer.
public final class StoreUnavailableException extends RuntimeException {

	private final boolean notApplied;

	private StoreUnavailableException(boolean notApplied, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.notApplied = notApplied;
	}

	/// Nothing was changed.
	public static StoreUnavailableException notApplied(String message, @Nullable Throwable cause) {
		return new StoreUnavailableException(true, message, cause);
	}

	/// The store was asked to commit, and nobody knows whether it has.
	public static StoreUnavailableException unknown(String message, @Nullable Throwable cause) {
		return new StoreUnavailableException(false, message, cause);
	}

	/// Whether it is known that the call has changed nothing.
	public boolean isNotApplied() {
		return this.notApplied;
	}

}
