package dev.adagrad.session;

/// A key that a step was applied under came with another request; that was not applied.
public final class IdempotencyKeyReusedException extends RuntimeException {

	private final long appliedStep;

	IdempotencyKeyReusedException(long appliedStep) {
		super("this Idempotency-Key was used for step " + appliedStep
				+ " with another grad, parameter, indices or learning_rate; this request was not applied", null, false,
				false);
		this.appliedStep = appliedStep;
	}

	/// The step that the key was applied at.
	public long appliedStep() {
		return this.appliedStep;
	}

}
