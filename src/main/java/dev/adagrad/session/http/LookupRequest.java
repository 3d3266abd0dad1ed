package dev.adagrad.session.http;

import java.util.Map;

import dev.adagrad.request.AloneOrNamed;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Indices;
import dev.adagrad.wire.Message;
import org.jspecify.annotations.Nullable;

/// Elements of a state that a client wants to read.
///
/// @param indices the elements, in any order
/// @param tensors the same for each tensor to read, by its name, if the session has named tensors
@AloneOrNamed
record LookupRequest(
// @formatter:off
		@Nullable Indices indices,
		@Nullable Map<String, TensorLookupRequest> tensors) implements AloneOrNamed.Fields, Message {
		// @formatter:on

	@Override
	public void alone(AloneOrNamed.Field each) {
		each.is("indices", this.indices, Rules.REQUIRED);
	}

}
