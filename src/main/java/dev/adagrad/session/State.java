package dev.adagrad.session;

import java.util.Optional;

import dev.adagrad.tensor.Tensor;

/// The two vectors of a session, or some elements of them.
///
/// @param G the accumulators
/// @param parameter of the same elements, exactly where the session holds it
public record State(Tensor G, Optional<Tensor> parameter) {

	/// That of a vector.
	/// @throws java.util.NoSuchElementException if it is not there
	public Tensor of(Vector vector) {
		return switch (vector) {
			case G -> this.G;
			case PARAMETER -> this.parameter.orElseThrow();
		};
	}

}
