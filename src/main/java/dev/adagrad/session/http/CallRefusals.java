package dev.adagrad.session.http;

import java.util.List;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Version;

import org.springframework.http.HttpHeaders;

/// The refusals of calls on a session by the rules of the contract, for any store.
final class CallRefusals {

	private static final int MOST_DIFFERENCES = 20;

	private CallRefusals() {
	}

	/// The id breaks the rule for ids, so no session can have it.
	static Refusal impossibleId() {
		return Refusal.of(Code.SESSION_NOT_FOUND,
				"there is no session of this id, nor can there be: an id must match " + OptimizerId.GRAMMAR);
	}

	/// The caller may delete only what it has created.
	static Refusal notItsOwn(OptimizerId id) {
		return Refusal.of(Code.FORBIDDEN,
				"session " + id + " was created by another key; to delete it takes the scope admin");
	}

	/// A session of this id exists already and was created with other values.
	static Refusal exists(OptimizerId id, List<String> differences) {
		String more = (differences.size() > MOST_DIFFERENCES)
				? "; and " + (differences.size() - MOST_DIFFERENCES) + " more" : "";
		return Refusal.of(Code.SESSION_EXISTS, "session " + id + " exists and was created differently: "
				+ String.join("; ", differences.subList(0, Math.min(differences.size(), MOST_DIFFERENCES))) + more);
	}

	/// A precondition of the client does not hold for the current session.
	static Refusal mismatch(OptimizerId id, Version version, String header) {
		return mismatch(version,
				"session " + id + " is at step " + version.step() + ", which " + header + " rules out");
	}

	/// The client names the session's version, but its ETag was changed on the way.
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

	/// A precondition names a session, but the session does not exist.
	static Refusal nothingToMatch(OptimizerId id, String header) {
		return Refusal.of(Code.STEP_MISMATCH,
				"there is no session " + id + ", so none that " + header + " could name; nothing was changed");
	}

	/// The step of a key was applied, but others have been taken since, and its answer
	/// can no longer be given.
	static Refusal superseded(OptimizerId id, long appliedStep, Version version) {
		return Refusal
			.of(Code.STEP_SUPERSEDED, "this key's step was applied to session " + id + " as step " + appliedStep
					+ " and not again; the session is at step " + version.step() + " now, so its answer is gone")
			.with("applied_step", appliedStep)
			.with("step", version.step())
			.withHeader(HttpHeaders.ETAG, EntityTags.of(version));
	}

	/// The key of an applied step came with another request.
	static Refusal keyReused(long appliedStep) {
		return Refusal
			.of(Code.IDEMPOTENCY_KEY_REUSED,
					"this Idempotency-Key was used for step " + appliedStep
							+ " with another grad, parameter, indices or learning_rate; this request was not applied")
			.with("applied_step", appliedStep);
	}

}
