package dev.adagrad.session.store;

import java.util.Optional;

import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.State;

/// What a store remembers of its sessions, so that a step need not read what the last one wrote.
///
/// Only the database is right. A write that starts from a remembered row names that row's version, and changes nothing
/// if the database has another. Tensors are found only for the version of a row that was read.
public interface KeptStates {

	/// Keeps nothing: for a database that others write to as well.
	KeptStates NONE = new KeptStates() {
		@Override
		public Optional<SessionRow> row(OptimizerId id) {
			return Optional.empty();
		}

		@Override
		public Optional<State> find(SessionRow row) {
			return Optional.empty();
		}

		@Override
		public void keep(SessionRow row, State state) {
		}

		@Override
		public void forget(long key) {
		}
	};

	/// The row of a session as it stands in the database, if it is known, but that the
	/// time of its last step may be that of an earlier one; never the row of a session
	/// that can expire.
	Optional<SessionRow> row(OptimizerId id);

	/// All tensors of a session as they stand in the database, if they are known.
	/// @param row of the transaction that is under way
	Optional<State> find(SessionRow row);

	/// Remembers what was written.
	/// @param row as it is now, but for the time
	/// @param state all its tensors; nobody writes to them any more
	void keep(SessionRow row, State state);

	/// Remembers nothing of a session any more.
	void forget(long key);

}
