package dev.adagrad.session;

import java.util.Optional;

import dev.adagrad.tensor.Tensor;

/// The two vectors of a session, or some elements of them.
///
/// @param G the accumulators
/// @param parameter of the same elements, exactly if the session holds it
public record State(Tensor G, Optional<Tensor> parameter) {

	/// The elements of a vector.
	/// @throws java.util.NoSuchElementException if there are none of this vector
	public Tensor of(Vector vector) {
		return (vector == Vector.G) ? this.G : this.parameter.orElseThrow();
	}

}
