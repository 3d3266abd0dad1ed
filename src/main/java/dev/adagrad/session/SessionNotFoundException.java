package dev.adagrad.session;

/// There is no session of this id: none was created, or it was deleted, or it has expired.
public final class SessionNotFoundException extends RuntimeException {

	public SessionNotFoundException(OptimizerId id) {
		this("there is no session " + id);
	}

	private SessionNotFoundException(String message) {
		super(message, null, false, false);
	}

	/// What was asked for cannot be the name of a session.
	static SessionNotFoundException invalidId() {
		return new SessionNotFoundException(
				"there is no session of this id, nor can there be: an id must match " + OptimizerId.GRAMMAR);
	}

}
