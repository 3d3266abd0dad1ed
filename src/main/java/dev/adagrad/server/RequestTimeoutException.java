package dev.adagrad.server;

/// A body does not come in time. Nothing of the request was applied.
public final class RequestTimeoutException extends RuntimeException {

	RequestTimeoutException() {
		super("the body comes too slowly", null, false, false);
	}

}
