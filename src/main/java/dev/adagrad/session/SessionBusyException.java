package dev.adagrad.session;

/// Other calls on this session did not let this one through in time; it was not applied.
public final class SessionBusyException extends RuntimeException {

	public SessionBusyException(OptimizerId id) {
		super("others are stepping session " + id + " too often for this call to come through; it was not applied",
				null, false, false);
	}

}
