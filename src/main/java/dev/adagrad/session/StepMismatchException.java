package dev.adagrad.session;

/// A precondition of the client's does not hold for the session as it stands; nothing was changed.
public final class StepMismatchException extends RuntimeException {

	private final Version version;

	StepMismatchException(OptimizerId id, Version version, String header) {
		super("session " + id + " is at step " + version.step() + ", which " + header
				+ " rules out; nothing was changed", null, false, false);
		this.version = version;
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
