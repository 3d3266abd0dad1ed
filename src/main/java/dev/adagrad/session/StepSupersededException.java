package dev.adagrad.session;

/// The step of a key was applied, but others have been since, and its answer can no longer be given.
public final class StepSupersededException extends RuntimeException {

	private final long appliedStep;

	private final Version version;

	StepSupersededException(OptimizerId id, long appliedStep, Version version) {
		super("this key's step was applied to session " + id + " as step " + appliedStep
				+ " and not again; the session is at step " + version.step() + " now, so its answer is gone", null,
				false, false);
		this.appliedStep = appliedStep;
		this.version = version;
	}

	/// The step that the key was applied at.
	public long appliedStep() {
		return this.appliedStep;
	}

	/// The session's current step.
	public long step() {
		return this.version.step();
	}

	/// The session's current ETag.
	public String entityTag() {
		return EntityTags.of(this.version);
	}

}
