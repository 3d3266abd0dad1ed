package dev.adagrad.session;

import java.util.Optional;

/// A precondition of the client's does not hold for the session as it stands; nothing was changed.
public final class StepMismatchException extends RuntimeException {

	private final Optional<Version> version;

	StepMismatchException(OptimizerId id, Version version, String header) {
		super("session " + id + " is at step " + version.step() + ", which " + header
				+ " rules out; nothing was changed", null, false, false);
		this.version = Optional.of(version);
	}

	private StepMismatchException(Version version, String message) {
		super(message, null, false, false);
		this.version = Optional.of(version);
	}

	/// The client names the session's version by an ETag that is not as it was answered.
	static StepMismatchException changedTag(OptimizerId id, Version version, String header) {
		return new StepMismatchException(version, "session " + id + " is at the version that " + header
				+ " names, but a proxy has changed its ETag (W/ before "
				+ "it, or a suffix such as -gzip, as compression does), and a changed one matches nothing: send "
				+ EntityTags.of(version) + ", or the step number \"" + version.step()
				+ "\", or have the proxy leave answers uncompressed; nothing was changed");
	}

	/// There is no session at all.
	StepMismatchException(OptimizerId id, String header) {
		super("there is no session " + id + ", so none that " + header + " could name; nothing was changed", null,
				false, false);
		this.version = Optional.empty();
	}

	/// The session's current step, if there is one.
	public Optional<Long> step() {
		return this.version.map(Version::step);
	}

	/// The session's current ETag, if there is one.
	public Optional<String> entityTag() {
		return this.version.map(EntityTags::of);
	}

}
