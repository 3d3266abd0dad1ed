package dev.adagrad.session.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.adagrad.kernel.AdaGrad;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.SparseGradient;
import dev.adagrad.kernel.Stack;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Stacks;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Vector;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The entries of a step, all of the session's or some, and what the client sent for them.
///
/// Immutable; safe for use by any number of threads.
///
/// @param learningRate the one for this step alone, if the client sent one
/// @param hyperparameters in force for this step
/// @param grad the gradients, in the order of the selected elements
/// @param parameter θ at these elements, exactly if the session does not hold it
record RequestedStep(Layout layout, Optional<Double> learningRate, Hyperparameters hyperparameters, List<Each> tensors,
		Entries entries, Stack stack, Tensor grad, Optional<Tensor> parameter) {

	/// Reads a request as a step of this session.
	/// @param maxElements the most elements of a tensor that a call carries
	/// @throws Refusal if the request does not fit the session: tensors, lengths,
	/// indices, dtype, a parameter when one is held, none when none is held, or two
	/// values of it for one element
	/// @throws NonFiniteResultException if the sum of the values for one element is not
	/// finite
	static RequestedStep of(SessionStepRequest request, Configuration configuration, int maxElements) {
		Optional<Double> learningRate = Optional.ofNullable(request.learningRate());
		UnaryOperator<Hyperparameters> atRate = (all) -> learningRate.map(all::withLearningRate).orElse(all);
		List<Each> tensors = Tensors.<SteppedTensor>sent(configuration, request, request.tensors())
			.stream()
			.map((sent) -> Each.of(sent, configuration, maxElements))
			.toList();
		Entries entries = new Entries(configuration, tensors.stream().map(Each::entry).toList());
		Stack stack = Stacks.of(tensors.stream()
			.map((each) -> new Stack.Member(each.grad().size(),
					(int) (each.spec().rowLength() / each.spec().perRow(Vector.G)),
					atRate.apply(each.spec().hyperparameters()), each.spec().frozen()))
			.toList());
		Optional<Tensor> parameter = configuration.holdsParameter() ? Optional.empty()
				: Optional.of(stack.join(tensors.stream().map((each) -> each.parameter().orElseThrow()).toList()));
		return new RequestedStep(configuration.layout(), learningRate, atRate.apply(configuration.hyperparameters()),
				tensors, entries, stack, stack.join(tensors.stream().map(Each::grad).toList()), parameter);
	}

	/// The elements of the step.
	Selection selection() {
		return this.entries.selection();
	}

	/// The update of the step.
	/// @param step t, ≥ 1
	AdaGrad update(long step) {
		return new AdaGrad(this.hyperparameters, this.stack.parts(), step);
	}

	/// The answer, tensor by tensor.
	/// @param stacked the answer for all tensors, in the order of the selected elements
	SessionStepResponse response(long step, @Nullable Long appliedStep, Answered stacked) {
		Map<String, SessionTensorStepResponse> named = new LinkedHashMap<>();
		for (int i = 0; i < this.tensors.size(); i++) {
			Each each = this.tensors.get(i);
			named.put(each.spec().name(), new SessionTensorStepResponse(each.entry().indices().orElse(null),
					slice(stacked.parameter(), Vector.PARAMETER, i), slice(stacked.G(), Vector.G, i),
					slice(stacked.effectiveLearningRate(), Vector.G, i), slice(stacked.update(), Vector.PARAMETER, i)));
		}
		return SessionStepResponse.of(this.layout.isNamed(), step, appliedStep, named, stacked.metrics());
	}

	/// The part of an answer that belongs to one tensor. For a whole tensor it has the
	/// shape of the gradient that was sent. If that was flat, it has the tensor's own
	/// shape, where that is known.
	private @Nullable Tensor slice(@Nullable Tensor stacked, Vector vector, int place) {
		if (stacked == null) {
			return null;
		}
		Each each = this.tensors.get(place);
		boolean flat = each.sentGrad().shape().dimensions().size() < 2;
		boolean asSent = each.entry().indices().isEmpty() && (vector == Vector.PARAMETER || !each.spec().rowWise())
				&& !(flat && this.layout.isNamed());
		return this.entries.slice(stacked, vector, place,
				asSent ? each.sentGrad().shape() : each.entry().shape(this.layout, vector));
	}

	/// A refusal of the kernel, which counts only the selected elements, as one about the
	/// session.
	NonFiniteResultException ofSession(NonFiniteResultException refusal) {
		if (refusal.isOfTheWholeStep()) {
			return refusal;
		}
		Stack.Found found = this.stack.find(refusal);
		Each each = this.tensors.get(found.member());
		long perEntry = each.spec().perRow(found.ofG() ? Vector.G : Vector.PARAMETER);
		long index = each.entry()
			.indices()
			.map((indices) -> indices.values()[(int) (found.index() / perEntry)] * perEntry + found.index() % perEntry)
			.orElse((long) found.index());
		return refusal.in(each.spec().name(), index);
	}

	/// The digest of all that was sent, which decides whether two requests are the same.
	/// It covers the values of the session's dtype that they decode to, in the order in
	/// which they were sent; −0 is 0. It is needed only for a key.
	Sha256 digest() {
		MessageDigest digest = Sha256.algorithm();
		TensorDigest.updateValue(digest, this.learningRate);
		for (Each each : this.tensors) {
			if (this.layout.isNamed()) {
				TensorDigest.updateName(digest, each.spec());
			}
			each.update(digest);
		}
		return Sha256.of(digest);
	}

	/// The results of a step, in the order of the selected elements.
	///
	/// @see SessionStepResponse
	record Answered(@Nullable Tensor parameter, @Nullable Tensor G, @Nullable Tensor effectiveLearningRate,
			@Nullable Tensor update, @Nullable StepMetrics metrics) {
	}

	/// One tensor of the step.
	///
	/// @param entry its entries
	/// @param grad the gradient at these
	/// @param parameter θ at these, exactly if the session does not hold it
	/// @param sentGrad the gradient that was sent
	/// @param sentParameter the θ that was sent
	/// @param sentIndices the indices that were sent
	private record Each(TensorSpec spec, Entries.Entry entry, Tensor grad, Optional<Tensor> parameter, Tensor sentGrad,
			Optional<Tensor> sentParameter, Optional<Indices> sentIndices) {

		static Each of(Tensors.Sent<SteppedTensor> sent, Configuration configuration, int maxElements) {
			TensorSpec spec = sent.spec();
			Tensors.requireParameterWhereNotHeld(configuration, sent.place(), sent.fields().parameter());
			Indices indices = sent.fields().indices();
			if (indices == null) {
				Tensors.requireWhole(spec, maxElements, sent.place() + "/indices", "is required",
						"step some of them: indices, and grad at these");
			}
			else {
				Entries.requireInRange(spec, sent.place() + "/indices", indices);
			}
			Tensors.Length needed = Tensors.Length.of(spec, indices, Vector.PARAMETER);
			Tensor grad = Tensors.of(configuration.dtype(), sent.place() + "/grad",
					Objects.requireNonNull(sent.fields().grad(), "validated before"), needed);
			Optional<Tensor> parameter = Optional.ofNullable(sent.fields().parameter())
				.map((numbers) -> Tensors.of(configuration.dtype(), sent.place() + "/parameter", numbers, needed));
			if (indices == null) {
				return new Each(spec, new Entries.Entry(sent.tensor(), Optional.empty()), grad, parameter, grad,
						parameter, Optional.empty());
			}
			SparseGradient sparse = summed(indices, grad, spec);
			return new Each(spec, new Entries.Entry(sent.tensor(), Optional.of(Indices.of(sparse.indices()))),
					sparse.grad(), parameter.map((tensor) -> atIndices(sparse, tensor, sent.place())), grad, parameter,
					Optional.of(indices));
		}

		private static SparseGradient summed(Indices indices, Tensor values, TensorSpec spec) {
			try {
				return SparseGradient.of(indices, values, (int) spec.rowLength());
			}
			catch (NonFiniteResultException ex) {
				throw ex.in(spec.name(), ex.index());
			}
		}

		private static Tensor atIndices(SparseGradient sparse, Tensor parameter, String place) {
			return sparse.atIndices(parameter,
					(index, first, other) -> Refusal.at(Code.INVALID_FIELD, place + "/parameter/" + other,
							"must agree with " + place + "/parameter/" + first + ", which is for element " + index
									+ " too: was " + parameter.valueAt(other) + ", not " + parameter.valueAt(first)));
		}

		private void update(MessageDigest digest) {
			// the lengths come first, so that two requests also differ if only the
			// borders of their parts do
			digest.update(ByteBuffer.allocate(3 * Integer.BYTES)
				.putInt(this.sentGrad.size())
				.putInt(this.sentParameter.map(Tensor::size).orElse(0))
				.putInt(this.sentIndices.map(Indices::size).orElse(0))
				.flip());
			TensorDigest.updateValues(digest, this.sentGrad);
			this.sentParameter.ifPresent((tensor) -> TensorDigest.updateValues(digest, tensor));
			this.sentIndices.ifPresent((sent) -> TensorDigest.updateIndices(digest, sent));
		}

	}

}
