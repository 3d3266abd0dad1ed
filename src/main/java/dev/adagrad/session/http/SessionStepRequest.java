package dev.adagrad.session.http;

import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.AloneOrNamed;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import org.jspecify.annotations.Nullable;

/// One step of a session, as a client asks for it.
///
/// @param grad the gradient, of the session's size, or as long as the indices
/// @param parameter θ before the step, of the same length, exactly if the server does not hold it
/// @param indices the elements to step, if not all
/// @param tensors the same for each tensor to step, by its name, if the session has named tensors
/// @param learningRate η for this step alone
/// @param include what else to answer
@AloneOrNamed
record SessionStepRequest(
// @formatter:off
		@Nullable Numbers grad,
		@Nullable Numbers parameter,
		@Nullable Indices indices,
		@Nullable Map<String, @Valid SessionTensorStepRequest> tensors,
		@JsonProperty("learning_rate") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double learningRate,
		@Nullable Set<SessionInclude> include) implements SteppedTensor, AloneOrNamed.Fields, Message {
		// @formatter:on

	/// What else to answer: nothing by default.
	Set<SessionInclude> included() {
		return (this.include != null) ? this.include : Set.of();
	}

	@Override
	public void alone(AloneOrNamed.Field each) {
		each.is("grad", this.grad, Rules.REQUIRED);
		each.is("parameter", this.parameter, Rules.NOTHING);
		each.is("indices", this.indices, Rules.NOTHING);
	}

	/// As for one tensor. Named tensors take more, since they are joined and taken apart
	/// again.
	@Override
	public long workingBytes() {
		int included = included().size();
		if (this.tensors == null) {
			return workingBytes(included);
		}
		return this.tensors.values().stream().mapToLong((tensor) -> tensor.workingBytes(2 * included + 5)).sum();
	}

}
