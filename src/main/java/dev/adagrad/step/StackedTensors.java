package dev.adagrad.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.adagrad.kernel.AdaGrad;
import dev.adagrad.kernel.Include;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.Stack;
import dev.adagrad.kernel.StepResult;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Stacks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.OutOfRangeException;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// The tensors of a step in the step's dtype, as the kernel takes them, see [Stack].
///
/// @param tensors in the order of their names
record StackedTensors(List<NamedStep> tensors, Stack stack, Tensor parameter, Tensor grad, Tensor G) {

	/// @param tensors at least one, in the order of their names
	/// @throws Refusal if an element is beyond the range of the dtype, or if an array
	/// cannot hold all elements
	static StackedTensors of(List<NamedStep> tensors, DType dtype) {
		List<Stack.Member> members = new ArrayList<>(tensors.size());
		List<Tensor> parameters = new ArrayList<>(tensors.size());
		List<Tensor> grads = new ArrayList<>(tensors.size());
		List<Tensor> sums = new ArrayList<>(tensors.size());
		for (NamedStep tensor : tensors) {
			members.add(new Stack.Member(tensor.parameter().size(), tensor.rowLength(), tensor.hyperparameters(),
					tensor.frozen()));
			parameters.add(in(dtype, tensor, "parameter", tensor.parameter()));
			grads.add(in(dtype, tensor, "grad", tensor.grad()));
			sums.add(in(dtype, tensor, "G", tensor.G()));
		}
		Stack stack = Stacks.of(members);
		return new StackedTensors(tensors, stack, stack.join(parameters), stack.join(grads), stack.join(sums));
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
	/// @throws NonFiniteResultException if an element would not be finite; it names the
	/// element's place in its tensor
	StepResult take(AdaGrad update, Set<Include> include) {
		try {
			return update.takeInPlace(this.parameter, this.grad, this.G, include);
		}
		catch (NonFiniteResultException ex) {
			if (ex.isOfTheWholeStep()) {
				throw ex;
			}
			Stack.Found found = this.stack.find(ex);
			throw ex.in(this.tensors.get(found.member()).name(), found.index());
		}
	}

	/// The result of the step, tensor by tensor, in the order of their names.
	Map<String, TensorStepResponse> unstack(StepResult result) {
		Map<String, TensorStepResponse> answers = new LinkedHashMap<>();
		for (int i = 0; i < this.tensors.size(); i++) {
			NamedStep tensor = this.tensors.get(i);
			Shape shape = tensor.shape();
			Shape sums = tensor.shapeOfG();
			Tensor rate = result.included().get(Include.EFFECTIVE_LEARNING_RATE);
			Tensor update = result.included().get(Include.UPDATE);
			answers.put(tensor.name(), new TensorStepResponse(this.stack.elements(result.parameter(), i, shape),
					this.stack.sums(result.G(), i, sums), (rate != null) ? this.stack.sums(rate, i, sums) : null,
					(update != null) ? this.stack.elements(update, i, shape) : null));
		}
		return answers;
	}

}
