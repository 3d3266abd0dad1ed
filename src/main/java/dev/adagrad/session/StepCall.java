package dev.adagrad.session;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.kernel.AdaGrad;
import dev.adagrad.kernel.Extra;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.StepResult;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// One call to step a session, as a pure function of what the store holds.
///
/// A key that a step was applied under is looked at before the client's precondition: a retry finds its step applied,
/// not its precondition broken by itself.
///
/// @param request what is asked for
/// @param keyed whether the call came with a key
/// @param preconditions the client's
/// @param minimal whether the client wants no tensors
record StepCall(SessionStepRequest request, boolean keyed, Preconditions preconditions,
		boolean minimal) implements Transition<StepAnswer> {

	/// @throws Refusal if the request does not fit the session (lengths, indices, dtype,
	/// a
	/// parameter that is held), the precondition does not hold, the key was used for
	/// another request, or its step cannot be answered any more
	/// @throws NonFiniteResultException if the result would not be finite
	@Override
	public Plan<StepAnswer> plan(Session session, Optional<AppliedStep> remembered) {
		return preparedFor(session.configuration()).plan(session, remembered);
	}

	/// Converts to the dtype, sorts indices, and makes the digest where there is a key.
	@Override
	public Transition<StepAnswer> preparedFor(Configuration configuration) {
		Touched touched = Touched.of(this.request, configuration);
		Optional<Sha256> digest = this.keyed ? Optional.of(touched.digest()) : Optional.empty();
		return (session, remembered) -> session.configuration().equals(configuration)
				? plan(session, remembered, touched, digest) : plan(session, remembered);
	}

	private Plan<StepAnswer> plan(Session session, Optional<AppliedStep> remembered, Touched touched,
			Optional<Sha256> digest) {
		if (remembered.isPresent()) {
			AppliedStep applied = remembered.get();
			if (!digest.equals(Optional.of(applied.request()))) {
				throw SessionRefusals.keyReused(applied.step());
			}
			boolean newest = applied.step() == session.version().step() && applied.step() > session.lifeBegan();
			return newest ? newest(session, touched) : superseded(session, touched, applied.step());
		}
		this.preconditions.check(session);
		if (session.version().step() == Long.MAX_VALUE) {
			throw Refusal.of(Code.INVALID_FIELD, "no step is left: the session is at the last one that 64 bits hold");
		}
		return new Plan.Write<>(touched.selection(), digest, (state) -> step(session, touched, state));
	}

	private Transition.Written<StepAnswer> step(Session session, Touched touched, State state) {
		Version version = session.version().next();
		Tensor parameter = touched.inItsShape(touched.parameter().or(state::parameter).orElseThrow());
		StepResult result;
		try {
			result = AdaGrad.step(hyperparameters(session), version.step(), parameter, touched.grad(), state.G(),
					extras());
		}
		catch (NonFiniteResultException ex) {
			throw touched.ofSession(ex);
		}
		State written = new State(result.G(),
				session.configuration().holdsParameter() ? Optional.of(result.parameter()) : Optional.empty());
		return new Transition.Written<>(written, new StepAnswer(body(version.step(), touched, result), version, false));
	}

	/// The step was applied, and none since: its answer, once more.
	private Plan<StepAnswer> newest(Session session, Touched touched) {
		Version version = session.version();
		if (this.minimal) {
			return new Plan.Answer<>(new StepAnswer(SessionStepResponse.minimal(version.step(), null), version, true));
		}
		return new Plan.Read<>(touched.selection(), (state) -> {
			StepResult result = touched.parameter().isPresent()
					? replayed(session, touched.parameter().get(), touched.grad(), state.G())
					: held(session, touched, state);
			return new StepAnswer(body(version.step(), touched, result), version, true);
		});
	}

	/// The parameter came with the request, so the step can be computed once more.
	private StepResult replayed(Session session, Tensor parameter, Tensor grad, Tensor newG) {
		long step = session.version().step();
		try {
			return AdaGrad.replay(hyperparameters(session), step, parameter, grad, newG, extras());
		}
		catch (NonFiniteResultException ex) {
			// the retry asks for a rate that its first call did not ask for, and that is
			// not finite; the step stands
			return AdaGrad.replay(hyperparameters(session), step, parameter, grad, newG,
					without(Extra.EFFECTIVE_LEARNING_RATE));
		}
	}

	/// θ of before the step is gone, and with it Δ; the rest is there.
	private StepResult held(Session session, Touched touched, State state) {
		Tensor G = touched.inItsShape(state.G());
		Map<Extra, Tensor> extras = Map.of();
		if (extras().contains(Extra.EFFECTIVE_LEARNING_RATE)) {
			try {
				extras = Map.of(Extra.EFFECTIVE_LEARNING_RATE,
						AdaGrad.effectiveLearningRate(hyperparameters(session), session.version().step(), G));
			}
			catch (NonFiniteResultException ex) {
				// as above
				extras = Map.of();
			}
		}
		return new StepResult(touched.inItsShape(state.parameter().orElseThrow()), G, extras);
	}

	private Plan<StepAnswer> superseded(Session session, Touched touched, long appliedStep) {
		Version version = session.version();
		if (!session.configuration().holdsParameter()) {
			throw SessionRefusals.superseded(session.id(), appliedStep, version);
		}
		if (this.minimal) {
			return new Plan.Answer<>(
					new StepAnswer(SessionStepResponse.minimal(version.step(), appliedStep), version, true));
		}
		return new Plan.Read<>(touched.selection(),
				(state) -> new StepAnswer(
						new SessionStepResponse(version.step(), appliedStep, touched.indices().orElse(null),
								touched.inItsShape(state.parameter().orElseThrow()),
								includes(Included.G) ? touched.inItsShape(state.G()) : null, null, null),
						version, true));
	}

	private SessionStepResponse body(long step, Touched touched, StepResult result) {
		if (this.minimal) {
			return SessionStepResponse.minimal(step, null);
		}
		return new SessionStepResponse(step, null, touched.indices().orElse(null), result.parameter(),
				includes(Included.G) ? result.G() : null, extra(result, Extra.EFFECTIVE_LEARNING_RATE),
				extra(result, Extra.UPDATE));
	}

	private static @Nullable Tensor extra(StepResult result, Extra extra) {
		return result.extras().get(extra);
	}

	private boolean includes(Included included) {
		return this.request.included().contains(included);
	}

	private Set<Extra> extras() {
		Set<Extra> extras = EnumSet.noneOf(Extra.class);
		if (!this.minimal && includes(Included.EFFECTIVE_LEARNING_RATE)) {
			extras.add(Extra.EFFECTIVE_LEARNING_RATE);
		}
		if (!this.minimal && includes(Included.UPDATE)) {
			extras.add(Extra.UPDATE);
		}
		return extras;
	}

	private Set<Extra> without(Extra extra) {
		Set<Extra> extras = extras();
		extras.remove(extra);
		return extras;
	}

	private Hyperparameters hyperparameters(Session session) {
		Hyperparameters hyperparameters = session.configuration().hyperparameters();
		Double rate = this.request.learningRate();
		return (rate != null) ? hyperparameters.withLearningRate(rate) : hyperparameters;
	}

}
