package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// One named tensor of a state that a session is to be brought to; of [RestoreRequest] what belongs to one.
record TensorRestoreRequest(
// @formatter:off
		@Nullable Indices indices,
		@JsonProperty("G") @NotNull(message = Rules.REQUIRED) Blocks<Numbers> G,
		@Nullable Blocks<Numbers> parameter) implements RestoredTensor, Message {
		// @formatter:on

}
