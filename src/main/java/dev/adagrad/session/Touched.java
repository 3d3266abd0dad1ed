package dev.adagrad.session;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Supplier;

import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.SparseGradient;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The elements that a step is about, and what the client sent for them: all of the session, or some.
///
/// @param selection which
/// @param indices theirs, ascending, where they are not all
/// @param grad the gradient at these elements
/// @param parameter θ at these elements, exactly where the session does not hold it
/// @param digest of all that was sent, as it was sent; made when it is asked for, since only a key has a use for it
record Touched(Selection selection, Optional<Indices> indices, Tensor grad, Optional<Tensor> parameter,
		Supplier<Sha256> digest) {

	/// Reads a request as one of this session.
	/// @throws Refusal if a tensor has another length
	/// than it must have
	/// @throws Refusal if an index is beyond the
	/// session's size
	/// @throws Refusal if an element is beyond the range of the session's
	/// dtype, the parameter is given where it is held or missing where it is not, or two
	/// of its values are for one element
	/// @throws NonFiniteResultException if the values for one element add up to too much
	static Touched of(SessionStepRequest request, Configuration configuration) {
		requireParameterWhereNotHeld(request, configuration);
		Indices indices = request.indices();
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

	private static Touched all(SessionStepRequest request, Configuration configuration) {
		Tensor grad = Tensors.of(configuration, "grad", request.grad());
		Optional<Tensor> parameter = Optional.ofNullable(request.parameter())
			.map((numbers) -> Tensors.of(configuration, "parameter", numbers));
		return new Touched(new Selection.All(), Optional.empty(), grad, parameter,
				() -> digest(request, null, grad, parameter));
	}

	private static Touched some(SessionStepRequest request, Configuration configuration, Indices indices) {
		Tensors.requireInRange(configuration, indices);
		Tensor values = Tensors.of(configuration, "grad", request.grad(), indices);
		Numbers sent = request.parameter();
		Optional<Tensor> parameter = Optional.ofNullable(sent)
			.map((numbers) -> Tensors.of(configuration, "parameter", numbers, indices));
		SparseGradient sparse = SparseGradient.of(indices, values);
		return new Touched(new Selection.Elements(sparse.indices()), Optional.of(Indices.of(sparse.indices())),
				sparse.grad(), parameter.map((tensor) -> atIndices(sparse, tensor)),
				() -> digest(request, indices, values, parameter));
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

	/// A refusal of the kernel's, which counts the touched elements alone, as one about
	/// the session.
	NonFiniteResultException ofSession(NonFiniteResultException refusal) {
		return this.indices.map((touched) -> refusal.at(touched.values()[refusal.index()])).orElse(refusal);
	}

	/// What makes two requests the same: the values of the session's dtype that they
	/// decode to, in the order in which they were sent; −0 is 0.
	private static Sha256 digest(SessionStepRequest request, @Nullable Indices indices, Tensor grad,
			Optional<Tensor> parameter) {
		MessageDigest digest = Sha256.algorithm();
		TensorDigest.updateValue(digest, Optional.ofNullable(request.learningRate()));
		// how much of each follows, so that no request is another one cut elsewhere
		digest.update(ByteBuffer.allocate(3 * Integer.BYTES)
			.putInt(grad.size())
			.putInt(parameter.map(Tensor::size).orElse(0))
			.putInt((indices != null) ? indices.size() : 0)
			.flip());
		TensorDigest.updateValues(digest, grad);
		parameter.ifPresent((tensor) -> TensorDigest.updateValues(digest, tensor));
		if (indices != null) {
			TensorDigest.updateIndices(digest, indices);
		}
		return Sha256.of(digest);
	}

}
