package dev.adagrad.session.store;

import java.util.List;
import java.util.Optional;

import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionStore;

/// A store that is opened and closed with the service.
public interface ManagedStore extends SessionStore, AutoCloseable {

	/// Expired sessions that were not removed yet, those first that expired first.
	/// @param limit at most so many, ≥ 1
	List<Expired> expired(int limit);

	/// Has an expired session that was not removed yet live as long again as if it had
	/// been stepped now.
	/// @return the session; empty if there is none of this id that has expired
	Optional<Session> revive(OptimizerId id);

	/// Why it cannot be used just now; empty if it can.
	Optional<String> trouble();

	/// Takes no more calls, and ends those that it has taken.
	@Override
	void close();

}
