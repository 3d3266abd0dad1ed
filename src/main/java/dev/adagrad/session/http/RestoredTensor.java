package dev.adagrad.session.http;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// What a tensor of a session is to be brought to, named or not.
interface RestoredTensor {

	/// The accumulator.
	@Nullable Blocks<Numbers> G();

	/// The parameter, exactly where the server holds it.
	@Nullable Blocks<Numbers> parameter();

	/// Which entries along the first axis these are, where not all.
	@Nullable Indices indices();

	/// One block at a time, and what it is made into; of some entries all of them.
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
