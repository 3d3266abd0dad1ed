package dev.adagrad.session.http;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// The initial values of a tensor of a new session, named or not.
interface CreatedTensor {

	@Nullable Blocks<Numbers> G();

	@Nullable Blocks<Numbers> parameter();

	@Nullable Double initialAccumulatorValue();

	@Nullable Double initialParameterValue();

	@Nullable InitialParameter initialParameter();

	/// The bytes of one block at a time, and of what is made of it.
	default long bytesAtOnce() {
		Blocks<Numbers> G = G();
		Blocks<Numbers> parameter = parameter();
		return 2 * Math.max((G != null) ? G.bytesAtOnce() : 0, (parameter != null) ? parameter.bytesAtOnce() : 0);
	}

}
