package dev.adagrad.session;

import org.jspecify.annotations.Nullable;

/// What is stored of a session is not what was written. Nothing of it is served; other sessions are not concerned.
public final class StoreDamagedException extends RuntimeException {

	/// @param id of the session
	/// @param what is damaged, in a few words
	public StoreDamagedException(String id, String what, @Nullable Throwable cause) {
		super("what is stored of session " + id + " is damaged: " + what, cause);
	}

	/// @param cause what the database says of its files
	public StoreDamagedException(Throwable cause) {
		super("what is stored of this session is damaged: " + cause.getMessage(), cause);
	}

}
