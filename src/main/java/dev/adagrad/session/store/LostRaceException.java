package dev.adagrad.session.store;

/// What a transaction had read was out of date when it wrote. It must be rolled back and begun anew.
public final class LostRaceException extends RuntimeException {

	public LostRaceException() {
		super("another transaction was faster", null, false, false);
	}

}
