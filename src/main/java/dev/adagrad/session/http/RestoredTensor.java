package dev.adagrad.session.http;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// The state to restore a tensor to, named or not.
interface RestoredTensor {

	/// The accumulator.
	@Nullable Blocks<Numbers> G();

	/// The parameter, exactly if the server holds it.
	@Nullable Blocks<Numbers> parameter();

	/// The entries along the first axis, if these are not all.
	@Nullable Indices indices();

	/// The bytes of one block at a time, and of what is made of it. For some entries it
	/// is all of them.
	default long bytesAtOnce() {
		Blocks<Numbers> G = G();
		Blocks<Numbers> parameter = parameter();
		if (G == null) {
			return 0;
		}
		long elements = (parameter != null) ? Math.max(G.size(), parameter.size()) : G.size();
		return (indices() == null) ? 2 * Math.max(G.bytesAtOnce(), (parameter != null) ? parameter.bytesAtOnce() : 0)
				: elements * 6 * Double.BYTES;
	}

}
