package dev.adagrad.session;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.tensor.DType;

/// What a session is created with and keeps for good, its tensors apart.
///
/// Immutable; two are equal where a creation repeated means the same.
///
/// @param size how many elements G has, and the parameter if it is held, ≥ 1
/// @param dtype of G, of the parameter and of every gradient
/// @param holdsParameter whether the server keeps the parameter too
/// @param hyperparameters in force, defaults and preset filled in
/// @param initialStep how many steps had been taken before, elsewhere, ≥ 0
/// @param ttl how long after creation, the last step or the last restore the session expires, in whole seconds, > 0; empty
/// for never
public record Configuration(long size, DType dtype, boolean holdsParameter, Hyperparameters hyperparameters,
		long initialStep, Optional<Duration> ttl) {

	/// @throws IllegalArgumentException if a value is out of its range
	public Configuration {
		if (size < 1) {
			throw new IllegalArgumentException("size must be >= 1, was " + size);
		}
		if (initialStep < 0) {
			throw new IllegalArgumentException("the initial step must be >= 0, was " + initialStep);
		}
		if (ttl.isPresent() && !isWholeSeconds(ttl.get())) {
			throw new IllegalArgumentException("ttl must be whole seconds > 0, was " + ttl.get());
		}
	}

	private static boolean isWholeSeconds(Duration ttl) {
		return ttl.isPositive() && ttl.equals(ttl.truncatedTo(ChronoUnit.SECONDS));
	}

}
