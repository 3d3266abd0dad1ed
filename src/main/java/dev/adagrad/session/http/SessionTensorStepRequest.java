package dev.adagrad.session.http;

import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// One named tensor of a step of a session. It has the fields of [SessionStepRequest] that are about one tensor.
record SessionTensorStepRequest(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) Numbers grad,
		@Nullable Numbers parameter,
		@Nullable Indices indices) implements SteppedTensor, Message {
		// @formatter:on

}
