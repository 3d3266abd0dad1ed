package dev.adagrad.session;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Refusal;

/// Where sessions are kept. Each call is applied wholly or not at all. When it returns, it is durable to the extent of
/// the store's setting. Calls on one session take place one after the other, whoever makes them.
///
/// A session whose `expiresAt` has come does not exist for any call, even if the store still holds its data. The
/// store's clock decides.
///
/// Safe for use by any number of threads. Each call can throw these, in addition to what its own doc says:
///
/// - [Refusal] if the store cannot be reached or does not answer. A call that writes may then have been applied.
/// - [Refusal] if the stored data of the session is not what was written.
/// - [Refusal] from a call that writes, if there is no room, or if others kept the session busy for too long. Then the
/// call was not applied.
///
/// If a function that the caller passes in throws, the call is refused, and the caller gets the same exception.
public interface SessionStore {

	/// Creates a session, unless one with its id exists.
	Creation create(NewSession session);

	/// Finds a session.
	Optional<Session> find(OptimizerId id);

	/// Sessions of a tenant, in the order of the bytes of their ids.
	/// @param after only ids beyond this one; it need not exist
	/// @param limit the most sessions, ≥ 1
	List<Session> list(Tenant tenant, Optional<OptimizerId> after, int limit);

	/// Does as much of a step as possible on the calling thread, before it waits for the
	/// store: the part that depends on the session's configuration alone, if that is
	/// known.
	/// @return a transition that does the same
	default <A> Transition<A> prepare(OptimizerId id, Transition<A> transition) {
		return transition;
	}

	/// Takes a step, or answers again one that was taken.
	/// @param key a digest of the call's key and nothing else, if it came with one
	/// @param transition decides what to read and write
	/// @return the transition's answer
	/// @throws Refusal if there is no such session
	<A> A step(OptimizerId id, Optional<Sha256> key, Transition<A> transition);

	/// Reads tensors, all of one version.
	/// @param reading called once, on any thread. It must not wait for anything, since a
	/// transaction is open meanwhile
	/// @return what `reading` returned
	/// @throws Refusal if there is no such session
	<A> A read(OptimizerId id, BiFunction<Session, StoredState, A> reading);

	/// Replaces elements and begins a new incarnation. The step becomes `version.step()`.
	/// Keys applied after that step are forgotten, the others stay. Nothing is visible
	/// until all of it is.
	/// @param check looks at the current session, in the same transaction, and throws to
	/// refuse
	/// @param version the step that the state belongs to, and a new incarnation
	/// @param restoration the new values
	/// @return the session after the restore
	/// @throws Refusal if there is no such session
	/// @throws java.io.UncheckedIOException if the blocks cannot be read; nothing was
	/// changed
	Session restore(OptimizerId id, Consumer<Session> check, Version version, Restoration restoration);

	/// Deletes a session with all that was remembered of it. Its id is free at once. A
	/// damaged session is deleted too if there is no check.
	/// @param check as in [#restore]
	/// @throws Refusal if there is no such session
	void delete(OptimizerId id, Optional<Consumer<Session>> check);

	/// The number of sessions of all tenants, without expired ones.
	long count();

	/// The outcome of a creation.
	///
	/// @param session as it is now
	/// @param isNew whether it was created; if not, a session with this id exists
	/// already, and was left as it is
	record Creation(Session session, boolean isNew) {

	}

}
