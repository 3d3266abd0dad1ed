package dev.adagrad.step;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.TensorNames;
import org.jspecify.annotations.Nullable;

/// One tensor of a validated step: what the client sent, and the settings in force for it.
///
/// @param name empty if the tensor is the only one and has no name
/// @param place its pointer: empty, or `/tensors/the.name`
/// @param rowLength the number of elements of the parameter that share one of G
/// @param rowWise whether G has one element for each entry along the first axis
/// @param frozen whether neither the parameter nor G moves
/// @param named the shape that the client gives beside flat arrays, if any
record NamedStep(String name, String place, Numbers parameter, Numbers grad, Numbers G, Hyperparameters hyperparameters,
		int rowLength, boolean rowWise, boolean frozen, Optional<List<Long>> named) {

	static NamedStep alone(StepRequest request, Hyperparameters all) {
		return new NamedStep("", "", required(request.parameter()), required(request.grad()), required(request.G()),
				all, 1, false, false, Optional.empty());
	}

	/// @param all the hyperparameters of all tensors
	static NamedStep of(String name, TensorStepRequest tensor, Hyperparameters all) {
		String place = "/tensors" + TensorNames.pointer(name);
		return new NamedStep(name, place, tensor.parameter(), tensor.grad(), tensor.G(), tensor.hyperparameters(all),
				tensor.isRowWise() ? tensor.parameter().size() / tensor.G().size() : 1, tensor.isRowWise(),
				tensor.isFrozen(), Optional.ofNullable(tensor.shape()));
	}

	/// The shape of the results for θ: the one that the client gives, or else that of θ
	/// as sent.
	Shape shape() {
		return this.named.filter((shape) -> shape.size() > 1)
			.map((shape) -> new Shape(shape.stream().map(Math::toIntExact).toList()))
			.orElseGet(this.parameter::shape);
	}

	/// The shape of the results for G.
	Shape shapeOfG() {
		return this.rowWise ? this.G.shape() : shape();
	}

	private static Numbers required(@Nullable Numbers numbers) {
		return Objects.requireNonNull(numbers, "validated before");
	}

}
