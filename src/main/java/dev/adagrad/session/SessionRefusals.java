package dev.adagrad.session;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import org.jspecify.annotations.Nullable;

/// The refusals of a store of sessions.
public final class SessionRefusals {

	private SessionRefusals() {
	}

	/// There is no session of this id: it was never created, was deleted, or has expired.
	public static Refusal notFound(OptimizerId id) {
		return Refusal.of(Code.SESSION_NOT_FOUND, "there is no session " + id);
	}

	/// Other calls on this session did not let this one through in time.
	public static Refusal busy(OptimizerId id) {
		return Refusal.of(Code.SESSION_BUSY,
				"others are stepping session " + id + " too often for this call to come through; it was not applied");
	}

	/// The store cannot be used now; nothing was changed.
	/// @param report why
	public static Refusal notApplied(String report, @Nullable Throwable cause) {
		return Refusal
			.of(Code.STORE_UNAVAILABLE, "the store of the sessions cannot be used now; this call was not applied")
			.because(report, cause);
	}

	/// The store was asked to commit, and nobody knows whether it has.
	/// @param report why
	public static Refusal unknown(String report, @Nullable Throwable cause) {
		return Refusal
			.of(Code.STORE_UNAVAILABLE,
					"the store of the sessions does not answer; whether this call was applied is not known")
			.because(report, cause);
	}

	/// The stored data of a session is not what was written. Other sessions are not
	/// affected.
	/// @param id of the session
	/// @param what is damaged, in a few words
	public static Refusal damaged(String id, String what, @Nullable Throwable cause) {
		return damaged("what is stored of session " + id + " is damaged: " + what, cause);
	}

	/// The stored data is damaged, and the database says so of its files.
	public static Refusal damaged(Throwable cause) {
		return damaged("what is stored of this session is damaged: " + cause.getMessage(), cause);
	}

	private static Refusal damaged(String report, @Nullable Throwable cause) {
		return Refusal
			.of(Code.STORE_DAMAGED, "what is stored of this session is not what was written; nothing of it is served")
			.because(report, cause);
	}

	/// The store has no room left for a write. All stored data can still be read.
	/// @param cause what the database says
	public static Refusal full(Throwable cause) {
		String detail = "the store is full; nothing was changed";
		return Refusal.of(Code.STORE_FULL, detail).because(detail, cause);
	}

	/// The store has no room left for a write.
	/// @param reason why there is no room
	public static Refusal full(String reason) {
		String detail = "the store is full: " + reason + "; nothing was changed";
		return Refusal.of(Code.STORE_FULL, detail).because(detail, null);
	}

}
