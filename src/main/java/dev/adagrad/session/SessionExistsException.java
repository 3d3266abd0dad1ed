package dev.adagrad.session;

import java.util.List;

/// There is a session of this id already, created with something else; it was left as it is.
public final class SessionExistsException extends RuntimeException {

	SessionExistsException(OptimizerId id, List<String> differences) {
		super("session " + id + " exists and was created differently: " + String.join("; ", differences), null, false,
				false);
	}

}
