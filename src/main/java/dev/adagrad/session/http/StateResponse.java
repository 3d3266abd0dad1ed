package dev.adagrad.session.http;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import org.jspecify.annotations.Nullable;

/// The state of a session, all of one version.
///
/// @param step how many steps have been taken
/// @param indices where only some elements were asked for: which, ascending
/// @param G the accumulator
/// @param parameter where the server holds it
/// @param tensors the same of each tensor by its name, where the session has named ones
/// @param next where only what was touched was asked for, and there is more: to be sent as `after`
record StateResponse(
// @formatter:off
		long step,
		@Nullable Indices indices,
		@JsonProperty("G") @Nullable Blocks<Tensor> G,
		@Nullable Blocks<Tensor> parameter,
		@Nullable Map<String, TensorStateResponse> tensors,
		@Nullable Long next) implements Message {
		// @formatter:on

	/// Of the one tensor of a session without names.
	static StateResponse alone(long step, TensorStateResponse tensor, @Nullable Long next) {
		return new StateResponse(step, tensor.indices(), tensor.G(), tensor.parameter(), null, next);
	}

	/// Of named tensors.
	static StateResponse named(long step, Map<String, TensorStateResponse> tensors, @Nullable Long next) {
		return new StateResponse(step, null, null, null, tensors, next);
	}

}
