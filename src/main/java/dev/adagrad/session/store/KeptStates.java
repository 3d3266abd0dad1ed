package dev.adagrad.session.store;

import java.util.Optional;

import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.State;

/// What a store remembers of its sessions, so that a step need not read what the last one wrote.
///
/// Only the database is authoritative. A write that starts from a remembered row names that row's version. If the
/// database has another version, the write changes nothing. Tensors are found only for the version of a row that was
/// read.
public interface KeptStates {

	/// Keeps nothing. For a database that others write to as well.
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

	/// The row of a session as the database has it, if it is known. The time of its last
	/// step may be that of an earlier one. Never the row of a session that can expire.
	Optional<SessionRow> row(OptimizerId id);

	/// All tensors of a session as the database has them, if they are known.
	/// @param row from the current transaction
	Optional<State> find(SessionRow row);

	/// Remembers what was written.
	/// @param row the new row, except for its time
	/// @param state all its tensors; nobody writes to them any more
	void keep(SessionRow row, State state);

	/// Forgets all about a session.
	void forget(long key);

}
