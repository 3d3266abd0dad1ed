package dev.adagrad.session;

import java.util.Optional;
import java.util.function.Function;

/// One call to step a session, as a pure function. It takes the current session and what is remembered of the call's
/// key, and decides what to read and to write.
///
/// A store calls it inside its transaction. After a lost race the store may call it again, on another thread, with what
/// it finds then. So the function must depend on nothing but its arguments, change nothing, and write into no array
/// that it was given. If it throws, the call is refused and nothing is written, and the caller of the store gets the
/// exception.
///
/// @param <A> what the caller gets
@FunctionalInterface
public interface Transition<A> {

	/// Decides what to read and to write.
	/// @param session the current session; the time of its last step may be that of an
	/// earlier one
	/// @param remembered what was remembered of the call's key; empty if nothing is
	/// remembered, or the call had no key
	Plan<A> plan(Session session, Optional<AppliedStep> remembered);

	/// The same transition, after the work that depends only on the request and the
	/// configuration of the session. It plans for any session, and for one with this
	/// configuration without delay. So a store that knows the configuration has this work
	/// done before others wait for it.
	/// @throws RuntimeException what [#plan] throws if the call does not fit a session
	/// with this configuration; [#plan] decides whether the session has it
	default Transition<A> preparedFor(Configuration configuration) {
		return this;
	}

	/// A step that was applied under a key.
	///
	/// @param step the session's step number after it
	/// @param request the digest of the request
	record AppliedStep(long step, Sha256 request) {
	}

	/// What to do.
	///
	/// @param <A> what the caller gets
	sealed interface Plan<A> {

		/// Nothing: the answer needs no tensors.
		///
		/// @param answer what the caller gets
		record Answer<A>(A answer) implements Plan<A> {
		}

		/// Read, and write nothing.
		///
		/// @param selection what to read
		/// @param answer what the caller gets, from what was read
		record Read<A>(Selection selection, Function<State, A> answer) implements Plan<A> {
		}

		/// Take the step: read, write the same number of elements, move to the next
		/// [Session#version()], push the expiry on, and remember the key. All of it
		/// happens or nothing.
		///
		/// @param selection what to read and to write
		/// @param request the digest of the request, present exactly if the call came
		/// with a key
		/// @param step from what was read to what is to be written
		record Write<A>(Selection selection, Optional<Sha256> request,
				Function<State, Written<A>> step) implements Plan<A> {
		}

	}

	/// The outcome of a step.
	///
	/// @param state what replaces the elements read, in the same order; it has a
	/// parameter exactly if the session holds it
	/// @param answer what the caller gets once all of it is durable
	record Written<A>(State state, A answer) {
	}

}
