package dev.adagrad.session;

import java.util.Optional;

/// The initial values of a tensor of a session, as far as rules give them.
///
/// @param G empty if each element was given
/// @param parameter empty if each element was given, or the server does not hold it
public record Start(Optional<Initial.Rule> G, Optional<Initial.Rule> parameter) {

	/// The rule of a vector.
	public Optional<Initial.Rule> of(Vector vector) {
		return (vector == Vector.G) ? this.G : this.parameter;
	}

}
