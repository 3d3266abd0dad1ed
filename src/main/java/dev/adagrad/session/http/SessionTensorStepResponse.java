package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import org.jspecify.annotations.Nullable;

/// One tensor after a step of its session. It has the fields of [SessionStepResponse] that are about one tensor.
record SessionTensorStepResponse(
// @formatter:off
		@Nullable Indices indices,
		@Nullable Tensor parameter,
		@JsonProperty("G") @Nullable Tensor G,
		@JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Nullable Tensor update) implements Message {
		// @formatter:on

}
