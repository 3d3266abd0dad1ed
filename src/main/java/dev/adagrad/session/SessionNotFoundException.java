package dev.adagrad.session;

/// There is no session of this id: none was created, or it was deleted, or it has expired.
public final class SessionNotFoundException extends RuntimeException {

	public SessionNotFoundException(OptimizerId id) {
		super("there is no session " + id, null, false, false);
	}

}
