package dev.adagrad.session;

import java.util.List;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/// What calls on sessions are refused for, by the rules of sessions and by their store.
public final class SessionRefusals {

	private SessionRefusals() {
	}

	/// There is no session of this id: none was created, or it was deleted, or it has
	/// expired.
	public static Refusal notFound(OptimizerId id) {
		return Refusal.of(Code.SESSION_NOT_FOUND, "there is no session " + id);
	}

	/// What was asked for cannot be the name of a session.
	static Refusal impossibleId() {
		return Refusal.of(Code.SESSION_NOT_FOUND,
				"there is no session of this id, nor can there be: an id must match " + OptimizerId.GRAMMAR);
	}

	/// There is a session of this id already, created with something else.
	static Refusal exists(OptimizerId id, List<String> differences) {
		return Refusal.of(Code.SESSION_EXISTS,
				"session " + id + " exists and was created differently: " + String.join("; ", differences));
	}

	/// Other calls on this session did not let this one through in time.
	public static Refusal busy(OptimizerId id) {
		return Refusal.of(Code.SESSION_BUSY,
				"others are stepping session " + id + " too often for this call to come through; it was not applied");
	}

	/// A precondition of the client's does not hold for the session as it stands.
	static Refusal mismatch(OptimizerId id, Version version, String header) {
		return mismatch(version,
				"session " + id + " is at step " + version.step() + ", which " + header + " rules out");
	}

	/// The client names the session's version by an ETag that is not as it was answered.
	static Refusal changedTag(OptimizerId id, Version version, String header) {
		return mismatch(version, "session " + id + " is at the version that " + header
				+ " names, but a proxy has changed its ETag (W/ before "
				+ "it, or a suffix such as -gzip, as compression does), and a changed one matches nothing: send "
				+ EntityTags.of(version) + ", or the step number \"" + version.step()
				+ "\", or have the proxy leave answers uncompressed");
	}

	private static Refusal mismatch(Version version, String detail) {
		return Refusal.of(Code.STEP_MISMATCH, detail + "; nothing was changed")
			.with("step", version.step())
			.withHeader(HttpHeaders.ETAG, EntityTags.of(version));
	}

	/// A precondition names a session, and there is none at all.
	static Refusal nothingToMatch(OptimizerId id, String header) {
		return Refusal.of(Code.STEP_MISMATCH,
				"there is no session " + id + ", so none that " + header + " could name; nothing was changed");
	}

	/// The step of a key was applied, but others have been since, and its answer can no
	/// longer be given.
	static Refusal superseded(OptimizerId id, long appliedStep, Version version) {
		return Refusal
			.of(Code.STEP_SUPERSEDED, "this key's step was applied to session " + id + " as step " + appliedStep
					+ " and not again; the session is at step " + version.step() + " now, so its answer is gone")
			.with("applied_step", appliedStep)
			.with("step", version.step())
			.withHeader(HttpHeaders.ETAG, EntityTags.of(version));
	}

	/// A key that a step was applied under came with another request.
	static Refusal keyReused(long appliedStep) {
		return Refusal
			.of(Code.IDEMPOTENCY_KEY_REUSED,
					"this Idempotency-Key was used for step " + appliedStep
							+ " with another grad, parameter, indices or learning_rate; this request was not applied")
			.with("applied_step", appliedStep);
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

	/// What is stored of a session is not what was written. Other sessions are not
	/// concerned.
	/// @param id of the session
	/// @param what is damaged, in a few words
	public static Refusal damaged(String id, String what, @Nullable Throwable cause) {
		return damaged("what is stored of session " + id + " is damaged: " + what, cause);
	}

	/// The same, where the database says it of its files.
	public static Refusal damaged(Throwable cause) {
		return damaged("what is stored of this session is damaged: " + cause.getMessage(), cause);
	}

	private static Refusal damaged(String report, @Nullable Throwable cause) {
		return Refusal
			.of(Code.STORE_DAMAGED, "what is stored of this session is not what was written; nothing of it is served")
			.because(report, cause);
	}

	/// The store has no room left for what was to be written; all that was there can be
	/// read.
	/// @param cause what the database says
	public static Refusal full(Throwable cause) {
		String detail = "the store is full; nothing was changed";
		return Refusal.of(Code.STORE_FULL, detail).because(detail, cause);
	}

	/// The same.
	/// @param reason why there is no room
	public static Refusal full(String reason) {
		String detail = "the store is full: " + reason + "; nothing was changed";
		return Refusal.of(Code.STORE_FULL, detail).because(detail, null);
	}

}
