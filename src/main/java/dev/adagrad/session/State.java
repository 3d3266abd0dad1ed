package dev.adagrad.session;

import java.util.Optional;

import dev.adagrad.tensor.Tensor;

/// The tensors of a session, or some elements of them.
///
/// @param G the accumulator
/// @param parameter of the same size, exactly where the session holds it
public record State(Tensor G, Optional<Tensor> parameter) {

	/// @throws IllegalArgumentException if the sizes differ
	public State {
		if (parameter.isPresent() && parameter.get().size() != G.size()) {
			throw new IllegalArgumentException(
					"parameter has " + parameter.get().size() + " elements, G has " + G.size());
		}
	}

}
