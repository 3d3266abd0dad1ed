package dev.adagrad.session;

import java.util.Optional;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// The tensors of one version of a session, as a store holds them; only to be used inside the call of
/// [SessionStore#read] that gave it.
public interface StoredState {

	/// All of G, block by block.
	Blocks<Tensor> G();

	/// All of the parameter, block by block, exactly where the session holds it.
	Optional<Blocks<Tensor>> parameter();

	/// The elements selected, in one piece.
	State elements(Selection selection);

}
