package dev.adagrad.session;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.tensor.DType;

/// What a session is created with and keeps for good, without its tensors.
///
/// Immutable. Two are equal if a creation with either means the same.
///
/// @param layout the session's tensors
/// @param dtype of G, of the parameter and of every gradient
/// @param holdsParameter whether the server keeps the parameter too
/// @param hyperparameters in force for all tensors unless the layout says otherwise, with defaults and preset filled in
/// @param initialStep how many steps had been taken before, elsewhere, ≥ 0
/// @param ttl how long after creation, the last step or the last restore the session expires, in whole seconds, > 0;
/// empty for never
public record Configuration(Layout layout, DType dtype, boolean holdsParameter, Hyperparameters hyperparameters,
		long initialStep, Optional<Duration> ttl) {

	/// @throws IllegalArgumentException if a value is out of its range
	public Configuration {
		if (initialStep < 0) {
			throw new IllegalArgumentException("the initial step must be >= 0, was " + initialStep);
		}
		if (ttl.isPresent() && !isWholeSeconds(ttl.get())) {
			throw new IllegalArgumentException("ttl must be whole seconds > 0, was " + ttl.get());
		}
	}

	/// How many elements the parameter has, whether it is held or not.
	public long size() {
		return this.layout.size(Vector.PARAMETER);
	}

	/// The vectors that the server keeps.
	public List<Vector> vectors() {
		return this.holdsParameter ? List.of(Vector.G, Vector.PARAMETER) : List.of(Vector.G);
	}

	private static boolean isWholeSeconds(Duration ttl) {
		return ttl.isPositive() && ttl.equals(ttl.truncatedTo(ChronoUnit.SECONDS));
	}

}
