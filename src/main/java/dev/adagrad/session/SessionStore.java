package dev.adagrad.session;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.adagrad.refusal.Refusal;

/// Where sessions are kept. Each call is applied wholly or not at all, and is durable, to the extent of the store's
/// setting, when it returns; calls on one session take place one after the other, whoever makes them.
///
/// A session whose `expiresAt` has come does not exist for any call, whether its room has been given back or not. The
/// store's clock decides.
///
/// Safe for use by any number of threads. Beyond what stands with each call, any call throws
/// [Refusal] where the store cannot be reached or does not answer (a call that writes may then have
/// been applied), and [Refusal] where what is stored of the session is not what was written; one that writes
/// throws [Refusal] where there is no room, and [Refusal] where others kept the session busy for
/// too long. Then it was not applied. What a function that is passed in throws refuses the call and reaches its caller as
/// it is.
public interface SessionStore {

	/// Creates a session, unless one of that id exists.
	Creation create(NewSession session);

	/// Looks a session up.
	Optional<Session> find(OptimizerId id);

	/// Sessions by the bytes of their ids.
	/// @param after only ids beyond this one; it need not exist
	/// @param limit at most so many, ≥ 1
	List<Session> list(Optional<OptimizerId> after, int limit);

	/// Has the calling thread do what it can of a step before it waits for the store:
	/// what depends on the session's configuration alone, where that is known.
	/// @return a transition that does the same
	default <A> Transition<A> prepare(OptimizerId id, Transition<A> transition) {
		return transition;
	}

	/// Takes a step, or answers one that was taken.
	/// @param key a digest of the call's key and nothing else, if it came with one
	/// @param transition see there
	/// @return the transition's answer
	/// @throws Refusal if there is no such session
	<A> A step(OptimizerId id, Optional<Sha256> key, Transition<A> transition);

	/// Reads tensors, all of one version.
	/// @param reading called once, on whatever thread; must not wait for anybody, since a
	/// transaction stands open meanwhile
	/// @return what `reading` returned
	/// @throws Refusal if there is no such session
	<A> A read(OptimizerId id, BiFunction<Session, StoredState, A> reading);

	/// Replaces elements and begins a new incarnation: the step becomes
	/// `version.step()`, keys applied after that step are forgotten, the others stay.
	/// Nothing is visible before all of it is.
	/// @param check looks at the session as it stands, in the same transaction, and
	/// throws to refuse
	/// @param version the step that the state belongs to, and a new incarnation
	/// @param restoration what takes the place of what was there
	/// @return the session as it then stands
	/// @throws Refusal if there is no such session
	/// @throws java.io.UncheckedIOException if the blocks cannot be read; nothing was
	/// changed
	Session restore(OptimizerId id, Consumer<Session> check, Version version, Restoration restoration);

	/// Deletes a session with all that was remembered of it; its id is free at once. One
	/// that is damaged is deleted too, where there is nothing to check.
	/// @param check as in [#restore]
	/// @throws Refusal if there is no such session
	void delete(OptimizerId id, Optional<Consumer<Session>> check);

	/// How many sessions there are, expired ones left out.
	long count();

	/// What became of a creation.
	sealed interface Creation {

		/// The session as it now stands.
		Session session();

		/// It was created.
		record Created(Session session) implements Creation {
		}

		/// There is one already, which was left as it is.
		record Existing(Session session) implements Creation {
		}

	}

}
