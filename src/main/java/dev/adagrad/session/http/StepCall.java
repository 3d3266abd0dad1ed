package dev.adagrad.session.http;

import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import dev.adagrad.kernel.AdaGrad;
import dev.adagrad.kernel.Include;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.StepResult;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.State;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.trace.Phase;

/// One call to step a session, as a pure function of what the store holds.
///
/// The key of the call is looked at before the client's precondition. So a retry finds that its step was applied, and
/// not that its own step broke the precondition.
///
/// @param request what the client asks for
/// @param keyed whether the call came with a key
/// @param preconditions the client's
/// @param minimal whether the client wants no tensors
/// @param maxElements larger sessions can be stepped only at some of their elements
record StepCall(SessionStepRequest request, boolean keyed, Preconditions preconditions, boolean minimal,
		int maxElements) implements Transition<StepAnswer> {

	private static final Phase KERNEL = Phase.of("kernel");

	private static final Set<Include> ONLY_UPDATE = Set.of(Include.UPDATE);

	/// @throws Refusal if the request does not fit the session (lengths, indices, dtype,
	/// a parameter that is held), the precondition does not hold, the key was used for
	/// another request, or its step cannot be answered any more
	/// @throws NonFiniteResultException if the result would not be finite
	@Override
	public Plan<StepAnswer> plan(Session session, Optional<AppliedStep> remembered) {
		return preparedFor(session.configuration()).plan(session, remembered);
	}

	/// Converts to the dtype, sorts indices, and makes the digest if there is a key.
	@Override
	public Transition<StepAnswer> preparedFor(Configuration configuration) {
		RequestedStep requested = RequestedStep.of(this.request, configuration, this.maxElements);
		Optional<Sha256> digest = this.keyed ? Optional.of(requested.digest()) : Optional.empty();
		return (session, remembered) -> session.configuration().equals(configuration)
				? plan(session, remembered, requested, digest) : plan(session, remembered);
	}

	private Plan<StepAnswer> plan(Session session, Optional<AppliedStep> remembered, RequestedStep requested,
			Optional<Sha256> digest) {
		if (remembered.isPresent()) {
			AppliedStep applied = remembered.get();
			if (!digest.equals(Optional.of(applied.request()))) {
				throw CallRefusals.keyReused(applied.step());
			}
			boolean newest = applied.step() == session.version().step() && applied.step() > session.incarnationBegan();
			return newest ? newest(session, requested) : superseded(session, requested, applied.step());
		}
		this.preconditions.check(session);
		if (session.version().step() == Long.MAX_VALUE) {
			throw Refusal.of(Code.INVALID_FIELD, "no step is left: the session is at the last one that 64 bits hold");
		}
		return new Plan.Write<>(requested.selection(), digest, (state) -> step(session, requested, state));
	}

	private Transition.Written<StepAnswer> step(Session session, RequestedStep requested, State state) {
		Version version = session.version().next();
		Tensor parameter = requested.parameter().or(state::parameter).orElseThrow();
		StepResult result;
		try {
			result = KERNEL
				.run(() -> requested.update(version.step()).take(parameter, requested.grad(), state.G(), ofKernel()));
		}
		catch (NonFiniteResultException ex) {
			throw requested.ofSession(ex);
		}
		State written = new State(result.G(),
				session.configuration().holdsParameter() ? Optional.of(result.parameter()) : Optional.empty());
		return new Transition.Written<>(written,
				new StepAnswer(body(version.step(), requested, result), version, false));
	}

	/// The step was applied and is the newest, so its answer can be given again.
	private Plan<StepAnswer> newest(Session session, RequestedStep requested) {
		Version version = session.version();
		if (ofKernel().isEmpty() && this.minimal) {
			return new Plan.Answer<>(
					new StepAnswer(SessionStepResponse.minimal(version.step(), null, null), version, true));
		}
		return new Plan.Read<>(requested.selection(), (state) -> {
			StepResult result = KERNEL.run(() -> requested.parameter().isPresent()
					? replayed(version.step(), requested, requested.parameter().get(), state.G())
					: held(version.step(), requested, state));
			return new StepAnswer(body(version.step(), requested, result), version, true);
		});
	}

	/// The parameter came with the request, so the step can be computed again.
	private StepResult replayed(long step, RequestedStep requested, Tensor parameter, Tensor newG) {
		AdaGrad update = requested.update(step);
		Tensor grad = requested.grad();
		try {
			return update.replay(parameter, grad, newG, ofKernel());
		}
		catch (NonFiniteResultException ex) {
			// the retry asks for something that its first call did not ask for, and that
			// is not finite; the step stands
			return update.replay(parameter, grad, newG, ofKernel().contains(Include.UPDATE) ? ONLY_UPDATE : Set.of());
		}
	}

	/// θ from before the step is gone, and Δ with it. The rest is there.
	private StepResult held(long step, RequestedStep requested, State state) {
		Tensor parameter = state.parameter().orElseThrow();
		AdaGrad update = requested.update(step);
		return new StepResult(parameter, state.G(),
				ifFinite(Include.EFFECTIVE_LEARNING_RATE, () -> update.effectiveLearningRate(state.G()))
					.map((rate) -> Map.of(Include.EFFECTIVE_LEARNING_RATE, rate))
					.orElse(Map.of()),
				ifFinite(Include.METRICS, () -> update.metrics(requested.grad(), parameter)));
	}

	/// What the client asks for, unless it is not finite: the step stands.
	private <A> Optional<A> ifFinite(Include asked, Supplier<A> told) {
		if (!ofKernel().contains(asked)) {
			return Optional.empty();
		}
		try {
			return Optional.of(told.get());
		}
		catch (NonFiniteResultException ex) {
			return Optional.empty();
		}
	}

	private Plan<StepAnswer> superseded(Session session, RequestedStep requested, long appliedStep) {
		Version version = session.version();
		if (!session.configuration().holdsParameter()) {
			throw CallRefusals.superseded(session.id(), appliedStep, version);
		}
		if (this.minimal) {
			return new Plan.Answer<>(
					new StepAnswer(SessionStepResponse.minimal(version.step(), appliedStep, null), version, true));
		}
		return new Plan.Read<>(requested.selection(),
				(state) -> new StepAnswer(
						requested.response(version.step(), appliedStep,
								new RequestedStep.Answered(state.parameter().orElseThrow(),
										includes(SessionInclude.G) ? state.G() : null, null, null, null)),
						version, true));
	}

	private SessionStepResponse body(long step, RequestedStep requested, StepResult result) {
		StepMetrics metrics = StepMetrics.of(result.metrics());
		return this.minimal ? SessionStepResponse.minimal(step, null, metrics)
				: requested.response(step, null,
						new RequestedStep.Answered(result.parameter(), includes(SessionInclude.G) ? result.G() : null,
								result.included().get(Include.EFFECTIVE_LEARNING_RATE),
								result.included().get(Include.UPDATE), metrics));
	}

	private boolean includes(SessionInclude included) {
		return this.request.included().contains(included);
	}

	private Set<Include> ofKernel() {
		Set<Include> include = EnumSet.noneOf(Include.class);
		if (!this.minimal && includes(SessionInclude.EFFECTIVE_LEARNING_RATE)) {
			include.add(Include.EFFECTIVE_LEARNING_RATE);
		}
		if (!this.minimal && includes(SessionInclude.UPDATE)) {
			include.add(Include.UPDATE);
		}
		if (includes(SessionInclude.METRICS)) {
			include.add(Include.METRICS);
		}
		return include;
	}

}
