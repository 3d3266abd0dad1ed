package dev.adagrad.start;

import org.jspecify.annotations.Nullable;

/// The service cannot start until a human has done something, because of its settings or its store.
public final class StartException extends RuntimeException {

	private final String action;

	/// @param problem what is wrong, in one sentence
	/// @param action what to do about it, in one sentence
	public StartException(String problem, String action, @Nullable Throwable cause) {
		super(problem, cause);
		this.action = action;
	}

	public String action() {
		return this.action;
	}

}
