package dev.adagrad.session;

import java.util.Optional;
import java.util.function.Function;

/// One call to step a session, as a pure function: from the session as it stands, and from what is remembered of the
/// call's key, to what is to be read and written.
///
/// A store calls it inside its transaction, and may call it again, on another thread, with what it then finds, after a
/// lost race: so it must depend on nothing but its arguments, change nothing, and write into no array that it was given.
/// What it throws refuses the call: then nothing is written, and whoever called the store gets the exception.
///
/// @param <A> what the caller gets
@FunctionalInterface
public interface Transition<A> {

	/// Decides.
	/// @param session as it stands; the time of its last step may be that of an earlier
	/// one
	/// @param remembered what was remembered of the key that the call came with; empty if
	/// nothing is, or there was no key
	Plan<A> plan(Session session, Optional<AppliedStep> remembered);

	/// The same transition, with all done that depends on nothing but what was sent and
	/// the configuration of the session. It plans for any session, this one without
	/// delay; so a store that knows the configuration has this done before others wait
	/// for it.
	/// @throws RuntimeException what [#plan] throws where the call does not fit such a
	/// session; whether it is one [#plan] decides
	default Transition<A> preparedFor(Configuration configuration) {
		return this;
	}

	/// A step that was applied under a key.
	///
	/// @param step the number of the session's steps after it
	/// @param request the digest of what was asked for
	record AppliedStep(long step, Sha256 request) {
	}

	/// What is to be done.
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

		/// Take the step: read, write as many elements, make [Session#version()] its
		/// next, push the expiry on, and remember the key, all of it or nothing.
		///
		/// @param selection what to read and to write
		/// @param request the digest of what was asked for, present exactly where the
		/// call came with a key
		/// @param step from what was read to what is to be written
		record Write<A>(Selection selection, Optional<Sha256> request,
				Function<State, Written<A>> step) implements Plan<A> {
		}

	}

	/// The outcome of a step.
	///
	/// @param state what replaces the elements read, in the same order; the parameter
	/// exactly where the session holds it
	/// @param answer what the caller gets once all of it is durable
	record Written<A>(State state, A answer) {
	}

}
