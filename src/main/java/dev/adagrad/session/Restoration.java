package dev.adagrad.session;

import java.util.List;
import java.util.Optional;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// The state to restore a session to: values of its dtype, those of G ≥ 0, and those of the parameter exactly if it is
/// held.
public sealed interface Restoration {

	/// All elements of the session.
	///
	/// @param G tensor by tensor, in the order of the layout
	/// @param parameter likewise
	record Whole(List<Blocks<Tensor>> G, Optional<List<Blocks<Tensor>>> parameter) implements Restoration {

		/// The values of a vector; empty if the server does not hold it.
		public Optional<List<Blocks<Tensor>>> of(Vector vector) {
			return (vector == Vector.G) ? Optional.of(this.G) : this.parameter;
		}

	}

	/// Some elements of the session; the others stay.
	///
	/// @param selection the elements
	/// @param state their values
	record Entries(Selection.Some selection, State state) implements Restoration {
	}

}
