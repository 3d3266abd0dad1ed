package dev.adagrad.session.http;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;

import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.SparseGradient;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Rules;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Sha256;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;

/// The elements that a step is about, and what the client sent for them: all of the session, or some.
///
/// @param selection which
/// @param indices theirs, ascending, where they are not all
/// @param grad the gradient at these elements
/// @param parameter θ at these elements, exactly where the session does not hold it
/// @param sent the same as it was sent
record RequestedStep(Selection selection, Optional<Indices> indices, Tensor grad, Optional<Tensor> parameter,
		Sent sent) {

	/// Reads a request as one of this session.
	/// @throws Refusal if the request does not fit the session: lengths, indices, dtype,
	/// a parameter where one is held or none where none is, two values of it for one
	/// element
	/// @throws NonFiniteResultException if the values for one element add up to too much
	static RequestedStep of(SessionStepRequest request, Configuration configuration, int maxElements) {
		requireParameterWhereNotHeld(request, configuration);
		Indices indices = request.indices();
		if (indices == null) {
			Tensors.requireWhole(configuration, maxElements, "/indices", "is required",
					"step some of them: indices, and grad at these");
		}
		return (indices != null) ? some(request, configuration, indices) : all(request, configuration);
	}

	private static void requireParameterWhereNotHeld(SessionStepRequest request, Configuration configuration) {
		if (configuration.holdsParameter() && request.parameter() != null) {
			throw Refusal.at(Code.INVALID_FIELD, "/parameter",
					"must not be sent: the server holds the parameter of this session");
		}
		if (!configuration.holdsParameter() && request.parameter() == null) {
			throw Refusal.at(Code.INVALID_FIELD, "/parameter",
					Rules.REQUIRED + ": the server does not hold the parameter of this session");
		}
	}

	private static RequestedStep all(SessionStepRequest request, Configuration configuration) {
		Tensor grad = Tensors.of(configuration, "grad", request.grad());
		Optional<Tensor> parameter = Optional.ofNullable(request.parameter())
			.map((numbers) -> Tensors.of(configuration, "parameter", numbers));
		return new RequestedStep(new Selection.All(), Optional.empty(), grad, parameter,
				new Sent(Optional.ofNullable(request.learningRate()), Optional.empty(), grad, parameter));
	}

	private static RequestedStep some(SessionStepRequest request, Configuration configuration, Indices indices) {
		Tensors.requireInRange(configuration, indices);
		Tensor values = Tensors.of(configuration, "grad", request.grad(), indices);
		Numbers sent = request.parameter();
		Optional<Tensor> parameter = Optional.ofNullable(sent)
			.map((numbers) -> Tensors.of(configuration, "parameter", numbers, indices));
		SparseGradient sparse = SparseGradient.of(indices, values);
		return new RequestedStep(new Selection.Elements(sparse.indices()), Optional.of(Indices.of(sparse.indices())),
				sparse.grad(), parameter.map((tensor) -> atIndices(sparse, tensor)),
				new Sent(Optional.ofNullable(request.learningRate()), Optional.of(indices), values, parameter));
	}

	private static Tensor atIndices(SparseGradient sparse, Tensor parameter) {
		try {
			return sparse.atIndices(parameter);
		}
		catch (SparseGradient.DisagreementException ex) {
			throw Refusal.at(Code.INVALID_FIELD, "/parameter/" + ex.place(),
					"must agree with /parameter/" + ex.firstPlace() + ", which is for element " + ex.index()
							+ " too: was " + parameter.valueAt(ex.place()) + ", not "
							+ parameter.valueAt(ex.firstPlace()));
		}
	}

	/// What is answered about these elements has the shape that the gradient came in.
	Tensor inItsShape(Tensor tensor) {
		return tensor.withShape(this.grad.shape());
	}

	/// A refusal of the kernel's, which counts the requested elements alone, as one about
	/// the session.
	NonFiniteResultException ofSession(NonFiniteResultException refusal) {
		return refusal.isOfTheWholeStep() ? refusal
				: this.indices.map((requested) -> refusal.at(requested.values()[Math.toIntExact(refusal.index())]))
					.orElse(refusal);
	}

	/// The digest of all that was sent. Only a key has a use for it.
	Sha256 digest() {
		return this.sent.digest();
	}

	/// What makes two requests the same: the values of the session's dtype that they
	/// decode to, in the order in which they were sent; −0 is 0.
	private record Sent(Optional<Double> learningRate, Optional<Indices> indices, Tensor grad,
			Optional<Tensor> parameter) {

		private Sha256 digest() {
			MessageDigest digest = Sha256.algorithm();
			TensorDigest.updateValue(digest, this.learningRate);
			// how much of each follows, so that no request is another one cut elsewhere
			digest.update(ByteBuffer.allocate(3 * Integer.BYTES)
				.putInt(this.grad.size())
				.putInt(this.parameter.map(Tensor::size).orElse(0))
				.putInt(this.indices.map(Indices::size).orElse(0))
				.flip());
			TensorDigest.updateValues(digest, this.grad);
			this.parameter.ifPresent((tensor) -> TensorDigest.updateValues(digest, tensor));
			this.indices.ifPresent((sent) -> TensorDigest.updateIndices(digest, sent));
			return Sha256.of(digest);
		}

	}

}
