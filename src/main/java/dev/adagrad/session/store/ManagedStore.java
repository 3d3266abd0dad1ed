package dev.adagrad.session.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionStore;

/// A store that opens and closes with the service.
public interface ManagedStore extends SessionStore, AutoCloseable {

	/// Expired sessions that are not removed yet, in the order in which they expired.
	/// @param limit the most sessions, ≥ 1
	List<Expired> expired(int limit);

	/// Brings an expired session back that is not removed yet. It then lives as long as
	/// after a step taken now.
	/// @return the session; empty if no expired session has this id
	Optional<Session> revive(OptimizerId id);

	/// Why the store cannot be used just now; empty if it can.
	Optional<String> trouble();

	/// Takes no more calls, and finishes those that it has taken.
	@Override
	void close();

	/// A session that has expired and is not removed yet.
	///
	/// @param tenant whose it is
	/// @param id its name, as the store has it
	/// @param expiresAt when it expired, by the store's clock
	record Expired(String tenant, String id, @JsonProperty("expires_at") Instant expiresAt) {

	}

}
