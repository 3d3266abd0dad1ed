package dev.adagrad.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.adagrad.kernel.AdaGrad;
import dev.adagrad.kernel.Include;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.Part;
import dev.adagrad.kernel.StepResult;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.OutOfRangeException;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The tensors of a step one after the other, as the kernel takes them: here names end, and places in flat arrays begin.
/// One alone is not copied.
///
/// Those whose elements have each their own G come first, see [Part]; the parts are in the order of the names' bytes, in
/// which a norm goes over them.
///
/// @param tensors in the order of their names
/// @param parts where each of them is
record StackedTensors(List<NamedStep> tensors, List<Part> parts, Tensor parameter, Tensor grad, Tensor G) {

	/// What a Java array can surely hold.
	private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

	/// @param tensors at least one, in the order of their names
	/// @throws Refusal if an element is beyond the range of the dtype, or there are more
	/// than an array can hold
	static StackedTensors of(List<NamedStep> tensors, DType dtype) {
		Part[] parts = new Part[tensors.size()];
		List<Tensor> parameters = new ArrayList<>(parts.length);
		List<Tensor> grads = new ArrayList<>(parts.length);
		List<Tensor> sums = new ArrayList<>(parts.length);
		long from = 0;
		int accumulatorFrom = 0;
		for (boolean rows : new boolean[] { false, true }) {
			for (int i = 0; i < parts.length; i++) {
				NamedStep tensor = tensors.get(i);
				if (rows != tensor.rowLength() > 1) {
					continue;
				}
				int size = tensor.parameter().size();
				if (from + size > LARGEST_ARRAY) {
					throw Refusal.tooLarge("tensors", LARGEST_ARRAY, "elements together");
				}
				parts[i] = new Part((int) from, size, accumulatorFrom, tensor.rowLength(), tensor.hyperparameters(),
						tensor.frozen());
				from += size;
				accumulatorFrom = parts[i].accumulatorTo();
				parameters.add(in(dtype, tensor, "parameter", tensor.parameter()));
				grads.add(in(dtype, tensor, "grad", tensor.grad()));
				sums.add(in(dtype, tensor, "G", tensor.G()));
			}
		}
		return new StackedTensors(tensors, List.of(parts), Tensor.join(parameters), Tensor.join(grads),
				Tensor.join(sums));
	}

	private static Tensor in(DType dtype, NamedStep tensor, String field, Numbers numbers) {
		try {
			return numbers.as(dtype);
		}
		catch (OutOfRangeException ex) {
			String pointer = tensor.place() + '/' + field + (numbers.shape().isScalar() ? "" : "/" + ex.index());
			throw Refusal.at(Code.INVALID_FIELD, pointer, "must fit " + dtype + ", was " + ex.value());
		}
	}

	/// Takes the step, in the memory of these tensors.
	/// @throws NonFiniteResultException if an element would not be finite, by its place
	/// in its tensor
	StepResult take(AdaGrad update, Set<Include> include) {
		try {
			return update.takeInPlace(this.parameter, this.grad, this.G, include);
		}
		catch (NonFiniteResultException ex) {
			throw inItsTensor(ex);
		}
	}

	private NonFiniteResultException inItsTensor(NonFiniteResultException ex) {
		if (ex.isOfTheWholeStep()) {
			return ex;
		}
		boolean ofG = ex.tensorName().equals("G") || ex.tensorName().equals("effective_learning_rate");
		for (int i = 0; i < this.parts.size(); i++) {
			Part part = this.parts.get(i);
			long index = ex.index() - (ofG ? part.accumulatorFrom() : part.from());
			if (index >= 0 && ex.index() < (ofG ? part.accumulatorTo() : part.to())) {
				return ex.in(this.tensors.get(i).name(), index);
			}
		}
		return ex;
	}

	/// What the step gave, tensor by tensor, in the order of their names.
	Map<String, TensorStepResponse> unstack(StepResult result) {
		Map<String, TensorStepResponse> answers = new LinkedHashMap<>();
		for (int i = 0; i < this.parts.size(); i++) {
			Part part = this.parts.get(i);
			NamedStep tensor = this.tensors.get(i);
			Shape shape = tensor.parameter().shape();
			Shape sums = tensor.G().shape();
			answers.put(tensor.name(), new TensorStepResponse(slice(result.parameter(), part.from(), shape),
					slice(result.G(), part.accumulatorFrom(), sums),
					optional(result.included().get(Include.EFFECTIVE_LEARNING_RATE), part.accumulatorFrom(), sums),
					optional(result.included().get(Include.UPDATE), part.from(), shape)));
		}
		return answers;
	}

	private @Nullable Tensor optional(@Nullable Tensor stacked, int from, Shape shape) {
		return (stacked != null) ? slice(stacked, from, shape) : null;
	}

	private Tensor slice(Tensor stacked, int from, Shape shape) {
		return (this.tensors.size() == 1) ? stacked.withShape(shape) : stacked.slice(from, shape);
	}

}
