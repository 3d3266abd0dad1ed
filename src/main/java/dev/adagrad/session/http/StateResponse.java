package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// The state of a session, all of one version.
///
/// @param step how many steps have been taken
/// @param indices where only some elements were asked for: which, ascending
/// @param G the accumulator
/// @param parameter where the server holds it
record StateResponse(
// @formatter:off
		long step,
		@Nullable Indices indices,
		@JsonProperty("G") @NotNull Blocks<Tensor> G,
		@Nullable Blocks<Tensor> parameter) implements Message {
		// @formatter:on

}
