package dev.adagrad.session.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
final class RequestedStep {

	private final Layout layout;

	private final Hyperparameters hyperparameters;

	private final List<Each> tensors;

	private final Entries entries;

	private final Stack stack;

	private final Optional<Double> learningRate;

	private final Tensor grad;

	private final Optional<Tensor> parameter;

	/// Reads a request as a step of this session.
	/// @param maxElements the most elements of a tensor that a call carries
	/// @throws Refusal if the request does not fit the session: tensors, lengths,
	/// indices, dtype, a parameter when one is held, none when none is held, or two
	/// values of it for one element
	/// @throws NonFiniteResultException if the sum of the values for one element is not
	/// finite
	RequestedStep(SessionStepRequest request, Configuration configuration, int maxElements) {
		this.layout = configuration.layout();
		this.learningRate = Optional.ofNullable(request.learningRate());
		this.hyperparameters = atRate(configuration.hyperparameters());
		this.tensors = Tensors.<SteppedTensor>sent(configuration, request, request.tensors())
			.stream()
			.map((sent) -> Each.of(sent, configuration, maxElements))
			.toList();
		this.entries = new Entries(configuration, this.tensors.stream().map(Each::entry).toList());
		this.stack = Stacks.of(this.tensors.stream()
			.map((each) -> new Stack.Member(each.grad().size(),
					(int) (each.spec().rowLength() / each.spec().perRow(Vector.G)), atRate(each.spec().hyperparameters()),
					each.spec().frozen()))
			.toList());
		this.grad = this.stack.join(this.tensors.stream().map(Each::grad).toList());
		this.parameter = configuration.holdsParameter() ? Optional.empty() : Optional
			.of(this.stack.join(this.tensors.stream().map((each) -> each.parameter().orElseThrow()).toList()));
	}

	private Hyperparameters atRate(Hyperparameters all) {
		return this.learningRate.map(all::withLearningRate).orElse(all);
	}

	/// The elements of the step.
	Selection selection() {
		return this.entries.selection();
	}

	/// The gradients, in the order of the selected elements.
	Tensor grad() {
		return this.grad;
	}

	/// θ at these elements, exactly if the session does not hold it.
	Optional<Tensor> parameter() {
		return this.parameter;
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
		return this.layout.isNamed() ? SessionStepResponse.named(step, appliedStep, named, stacked.metrics())
				: SessionStepResponse.alone(step, appliedStep, named.values().iterator().next(), stacked.metrics());
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
				byte[] name = each.spec().name().getBytes(StandardCharsets.US_ASCII);
				digest.update((byte) name.length);
				digest.update(name);
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
			Tensors.requireParameterWhereNotHeld(configuration, sent.place(), sent.fields().parameter());
			Indices indices = sent.fields().indices();
			if (indices == null) {
				Tensors.requireWhole(sent.spec(), maxElements, sent.place() + "/indices", "is required",
						"step some of them: indices, and grad at these");
				return all(sent, configuration);
			}
			return some(sent, configuration, indices);
		}

		private static Each all(Tensors.Sent<SteppedTensor> sent, Configuration configuration) {
			Tensors.Length needed = Tensors.Length.of(sent.spec(), Vector.PARAMETER);
			Tensor grad = grad(sent, configuration, needed);
			Optional<Tensor> parameter = parameter(sent, configuration, needed);
			return new Each(sent.spec(), new Entries.Entry(sent.tensor(), Optional.empty()), grad, parameter, grad,
					parameter, Optional.empty());
		}

		private static Each some(Tensors.Sent<SteppedTensor> sent, Configuration configuration, Indices indices) {
			TensorSpec spec = sent.spec();
			Entries.requireInRange(spec, sent.place() + "/indices", indices);
			Tensors.Length needed = Tensors.Length.of(spec, indices.size(), Vector.PARAMETER);
			Tensor values = grad(sent, configuration, needed);
			Optional<Tensor> parameter = parameter(sent, configuration, needed);
			SparseGradient sparse = summed(indices, values, spec);
			return new Each(spec, new Entries.Entry(sent.tensor(), Optional.of(Indices.of(sparse.indices()))),
					sparse.grad(), parameter.map((tensor) -> atIndices(sparse, tensor, sent.place())), values,
					parameter, Optional.of(indices));
		}

		private static Tensor grad(Tensors.Sent<SteppedTensor> sent, Configuration configuration,
				Tensors.Length needed) {
			return Tensors.of(configuration.dtype(), sent.place() + "/grad",
					Objects.requireNonNull(sent.fields().grad(), "validated before"), needed);
		}

		private static Optional<Tensor> parameter(Tensors.Sent<SteppedTensor> sent, Configuration configuration,
				Tensors.Length needed) {
			return Optional.ofNullable(sent.fields().parameter())
				.map((numbers) -> Tensors.of(configuration.dtype(), sent.place() + "/parameter", numbers, needed));
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
			try {
				return sparse.atIndices(parameter);
			}
			catch (SparseGradient.DisagreementException ex) {
				throw Refusal.at(Code.INVALID_FIELD, place + "/parameter/" + ex.place(),
						"must agree with " + place + "/parameter/" + ex.firstPlace() + ", which is for element "
								+ ex.index() + " too: was " + parameter.valueAt(ex.place()) + ", not "
								+ parameter.valueAt(ex.firstPlace()));
			}
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
