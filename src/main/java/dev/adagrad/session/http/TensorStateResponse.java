package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// The state of one tensor. It has the fields of [StateResponse] that are about one tensor.
record TensorStateResponse(
// @formatter:off
		@Nullable Indices indices,
		@JsonProperty("G") @NotNull Blocks<Tensor> G,
		@Nullable Blocks<Tensor> parameter) implements Message {
		// @formatter:on

}
