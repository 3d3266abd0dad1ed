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
/// @param indices the elements of the answer, ascending, if only some were asked for
/// @param G the accumulator
/// @param parameter if the server holds it
/// @param tensors the same for each tensor by its name, if the session has named tensors
/// @param next of a page of touched entries, if there is more: to be sent as `after`
record StateResponse(
// @formatter:off
		long step,
		@Nullable Indices indices,
		@JsonProperty("G") @Nullable Blocks<Tensor> G,
		@Nullable Blocks<Tensor> parameter,
		@Nullable Map<String, TensorStateResponse> tensors,
		@Nullable Long next) implements Message {
		// @formatter:on

	/// @param areNamed whether the tensors have names; if not, there is one
	static StateResponse of(boolean areNamed, long step, Map<String, TensorStateResponse> tensors,
			@Nullable Long next) {
		if (areNamed) {
			return new StateResponse(step, null, null, null, tensors, next);
		}
		TensorStateResponse alone = tensors.values().iterator().next();
		return new StateResponse(step, alone.indices(), alone.G(), alone.parameter(), null, next);
	}

}
