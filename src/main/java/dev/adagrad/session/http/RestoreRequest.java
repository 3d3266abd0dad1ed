package dev.adagrad.session.http;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.AloneOrNamed;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A state to restore a session to: all of it, or a page of touched entries.
///
/// @param step how many steps had been taken
/// @param indices of a page: its elements
/// @param G the accumulator, of the session's size
/// @param parameter of the session's size, exactly if the server holds it
/// @param tensors the same for each tensor by its name, if the session has named tensors
/// @param next of a page: where the next one begins; ignored, so that a page can be sent just as it was answered
@AloneOrNamed
record RestoreRequest(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) @Min(value = 0, message = Rules.NOT_NEGATIVE) Long step,
		@Nullable Indices indices,
		@JsonProperty("G") @Nullable Blocks<Numbers> G,
		@Nullable Blocks<Numbers> parameter,
		@Nullable Map<String, @Valid TensorRestoreRequest> tensors,
		@Nullable Long next) implements RestoredTensor, AloneOrNamed.Fields, Message {
		// @formatter:on

	@Override
	public void alone(AloneOrNamed.Field each) {
		each.is("G", this.G, Rules.REQUIRED);
		each.is("parameter", this.parameter, Rules.NOTHING);
		each.is("indices", this.indices, Rules.NOTHING);
	}

	@Override
	public long workingBytes() {
		return (this.tensors == null) ? bytesAtOnce()
				: this.tensors.values().stream().mapToLong(RestoredTensor::bytesAtOnce).sum();
	}

}
