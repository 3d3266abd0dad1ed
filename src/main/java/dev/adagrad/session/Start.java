package dev.adagrad.session;

import java.util.Optional;

/// What a tensor of a session started from, as far as rules say it.
///
/// @param G empty where each element was given
/// @param parameter empty where each element was given, or it is not held
public record Start(Optional<Initial.Rule> G, Optional<Initial.Rule> parameter) {

	/// That of a vector.
	public Optional<Initial.Rule> of(Vector vector) {
		return switch (vector) {
			case G -> this.G;
			case PARAMETER -> this.parameter;
		};
	}

}
