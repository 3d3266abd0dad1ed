package dev.adagrad.session.store;

/// Told what is about to be committed: the new row of each session.
public interface Journal {

	/// Remembers nothing.
	Journal NONE = new Journal() {
	};

	/// A session was created, stepped or restored.
	/// @param row the new row, except for its times
	default void wrote(SessionRow row) {
	}

	/// A session was deleted, or has expired.
	default void removed(long key) {
	}

}
