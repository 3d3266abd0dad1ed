package dev.adagrad.step;

import java.util.Objects;

import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.TensorNames;
import org.jspecify.annotations.Nullable;

/// One tensor of a step that has been validated: what was sent of it, and what holds for it.
///
/// @param name empty where it is the only one, and has none
/// @param place its pointer: empty, or `/tensors/the.name`
/// @param rowLength how many elements of the parameter share one of G
record NamedStep(String name, String place, Numbers parameter, Numbers grad, Numbers G, Hyperparameters hyperparameters,
		int rowLength, boolean frozen) {

	static NamedStep alone(StepRequest request, Hyperparameters all) {
		return new NamedStep("", "", required(request.parameter()), required(request.grad()), required(request.G()),
				all, 1, false);
	}

	/// @param all the hyperparameters of all tensors
	static NamedStep of(String name, TensorStepRequest tensor, Hyperparameters all) {
		String place = "/tensors" + TensorNames.pointer(name);
		return new NamedStep(name, place, tensor.parameter(), tensor.grad(), tensor.G(), tensor.hyperparameters(all),
				tensor.isRowWise() ? tensor.parameter().size() / tensor.G().size() : 1, tensor.isFrozen());
	}

	private static Numbers required(@Nullable Numbers numbers) {
		return Objects.requireNonNull(numbers, "validated before");
	}

}
