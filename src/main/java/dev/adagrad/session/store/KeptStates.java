package dev.adagrad.session.store;

import java.util.Optional;

import dev.adagrad.session.State;
import dev.adagrad.session.Version;

/// What a store remembers of the tensors of its sessions beside the database, so that a step need not read what the one
/// before it has written. The database alone says what is true: a state is found for a row only if it was kept for the
/// very version that the row has, read in the same transaction.
interface KeptStates {

	/// Keeps nothing: for a database that others write to as well.
	KeptStates NONE = new KeptStates() {
		@Override
		public Optional<State> find(SessionRow row) {
			return Optional.empty();
		}

		@Override
		public void keep(SessionRow row, Version version, State state) {
		}

		@Override
		public void forget(long key) {
		}
	};

	/// All tensors of a session as they stand in the database, if they are known.
	/// @param row of the transaction that is under way
	Optional<State> find(SessionRow row);

	/// Remembers what was written.
	/// @param row as it was before
	/// @param version what the session became by it
	/// @param state all its tensors; nobody writes to them any more
	void keep(SessionRow row, Version version, State state);

	/// Remembers nothing of a session any more.
	void forget(long key);

}
