package dev.adagrad.session;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// The tensors of one version of a session, as a store holds them. May be used only inside the call of
/// [SessionStore#read] that gave it.
public interface StoredState {

	/// All elements that a tensor has in a vector, block by block, as a flat array.
	/// @param vector one that the session holds
	/// @param tensor its place in the layout; it must have no more elements than an array
	/// can
	Blocks<Tensor> whole(Vector vector, int tensor);

	/// The selected elements, in one piece.
	State elements(Selection selection);

	/// The ranges of addresses in which a tensor is kept. Outside of them each element
	/// has its initial value. An element inside may have it too.
	/// @param vector one that the session holds
	/// @param from the first address to look at
	/// @param to the address behind the last one
	/// @param most the most ranges; there are fewer only if no more exist
	Ranges kept(Vector vector, long from, long to, int most);

}
