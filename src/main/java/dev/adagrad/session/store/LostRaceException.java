package dev.adagrad.session.store;

/// What a transaction had read was not so any more when it wrote: it must be rolled back and begun anew.
public final class LostRaceException extends RuntimeException {

	public LostRaceException() {
		super("another transaction was faster", null, false, false);
	}

}
