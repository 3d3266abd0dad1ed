package dev.adagrad.session.store;

/// Told what is about to be committed: the new row of each session.
public interface Journal {

	/// Remembers nothing.
	Journal NONE = new Journal() {
		@Override
		public void wrote(SessionRow row) {
		}

		@Override
		public void removed(long key) {
		}
	};

	/// A session was created, stepped or restored.
	/// @param row the new row, except for its times
	void wrote(SessionRow row);

	/// A session was deleted, or has expired.
	void removed(long key);

}
