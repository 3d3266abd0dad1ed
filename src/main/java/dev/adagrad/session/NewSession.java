package dev.adagrad.session;

import java.util.Optional;

/// A session that is to be created.
///
/// @param id under which
/// @param configuration with what
/// @param incarnation the name of its first incarnation
/// @param G what G starts from, every element ≥ 0
/// @param parameter what the parameter starts from, exactly where the configuration says that it is held
/// @param initialTensors a digest of both tensors, equal for equal elements however they were given
public record NewSession(OptimizerId id, Configuration configuration, String incarnation, Initial G,
		Optional<Initial> parameter, Sha256 initialTensors) {

	/// @throws IllegalArgumentException if a parameter is given where none is held, or
	/// none where one is
	public NewSession {
		if (parameter.isPresent() != configuration.holdsParameter()) {
			throw new IllegalArgumentException("a parameter must be given exactly where it is held");
		}
	}

}
