package dev.adagrad.session.store;

import java.util.Optional;

import dev.adagrad.session.SessionStore;

/// A store that is opened and closed with the service.
interface ManagedStore extends SessionStore, AutoCloseable {

	/// Why it cannot be used just now; empty if it can.
	Optional<String> trouble();

	/// Takes no more calls, and ends those that it has taken.
	@Override
	void close();

}
