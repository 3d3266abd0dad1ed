package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// One named tensor of a state to restore a session to. It has the fields of [RestoreRequest] that are about one
/// tensor.
record TensorRestoreRequest(
// @formatter:off
		@Nullable Indices indices,
		@JsonProperty("G") @NotNull(message = Rules.REQUIRED) Blocks<Numbers> G,
		@Nullable Blocks<Numbers> parameter) implements RestoredTensor, Message {
		// @formatter:on

}
