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
/// @param parameter θ before the step, as long, exactly where the server does not hold it
/// @param indices which elements are stepped, where not all are
/// @param tensors the same of each tensor that is stepped by its name, where the session has named ones
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

	/// What else to answer: nothing unless named.
	Set<SessionInclude> included() {
		return (this.include != null) ? this.include : Set.of();
	}

	@Override
	public void alone(AloneOrNamed.Field each) {
		each.is("grad", this.grad, Rules.REQUIRED);
		each.is("parameter", this.parameter, Rules.NOTHING);
		each.is("indices", this.indices, Rules.NOTHING);
	}

	/// As one tensor where there are many: they are joined, and taken apart again.
	@Override
	public long workingBytes() {
		int included = included().size();
		if (this.tensors == null) {
			return workingBytes(included);
		}
		return this.tensors.values().stream().mapToLong((tensor) -> tensor.workingBytes(2 * included + 5)).sum();
	}

}
