package dev.adagrad.session;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// The tensors of one version of a session, as a store holds them; only to be used inside the call of
/// [SessionStore#read] that gave it.
public interface StoredState {

	/// All that a tensor has in a vector, block by block, as a flat array.
	/// @param vector one that the session holds
	/// @param tensor its place in the layout, one of no more elements than an array has
	Blocks<Tensor> whole(Vector vector, int tensor);

	/// The elements selected, in one piece.
	State elements(Selection selection);

	/// Where a tensor is kept: outside of these ranges each element is what it started
	/// from. An element inside may be so too.
	/// @param vector one that the session holds
	/// @param from the first address that is looked at
	/// @param to the address behind the last
	/// @param most at most so many ranges; fewer only where there are no more
	Ranges kept(Vector vector, long from, long to, int most);

}
