package dev.adagrad.session.http;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.adagrad.caller.Tenant;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.EpsilonPlacement;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.kernel.NonFiniteResultException;
import dev.adagrad.kernel.WeightDecayMode;
import dev.adagrad.refusal.Code;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.State;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.http.MemoryStore.elementsOf;
import static dev.adagrad.session.store.Fixtures.flat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// What a step of a session comes to, without a store. The numbers, by hand: η = 1, ε = 0, G = (0, 9) and g = (2, 4) make
/// G = (4, 25), η / √G = (1/2, 1/5) and Δ = (1, 4/5).
class StepCallTest {

	private static final DoubleTensor GRAD = DoubleTensor.vector(2, 4);

	private static final DoubleTensor PARAMETER = DoubleTensor.vector(5, 7);

	private static final State BEFORE = new State(DoubleTensor.vector(0, 9), Optional.empty());

	private static final State HELD_BEFORE = new State(DoubleTensor.vector(0, 9), Optional.of(PARAMETER));

	private static final State AFTER = new State(DoubleTensor.vector(4, 25), Optional.empty());

	private static final State HELD_AFTER = new State(DoubleTensor.vector(4, 25),
			Optional.of(DoubleTensor.vector(4, 6.2)));

	/// Of `request(false, null)`, see [#theDigestOfARequestIsThatOfItsValues].
	private static final String DIGEST = "fbaef9fc1fc4e5d21019a4477df8ed3f7bc1e7ab147ee82cde7c4ce5b769af4a";

	private static Hyperparameters rate(double learningRate) {
		return new Hyperparameters(learningRate, 0, EpsilonPlacement.OUTSIDE_SQRT, 0, 0, WeightDecayMode.COUPLED, false,
				new Clipping.None());
	}

	private static Session session(int size, boolean held, long step, long incarnationBegan, double learningRate) {
		return session(flat(size, DType.F64, held, rate(learningRate), 0, Optional.empty()), step, incarnationBegan);
	}

	private static Session session(Configuration configuration, long step) {
		return session(configuration, step, 0);
	}

	private static Session session(Configuration configuration, long step, long incarnationBegan) {
		return new Session(new OptimizerId(Tenant.DEFAULT, "s"), "", configuration, List.of(),
				Sha256.ofBytes(new byte[Sha256.BYTES]), new Version(step, "life"), incarnationBegan, 0, Instant.EPOCH,
				Instant.EPOCH, Optional.empty());
	}

	private static Session session(boolean held, long step) {
		return session(2, held, step, 0, 1);
	}

	private static SessionStepRequest request(boolean held, @Nullable Double learningRate, SessionInclude... included) {
		Set<SessionInclude> include = EnumSet.noneOf(SessionInclude.class);
		include.addAll(List.of(included));
		return new SessionStepRequest(GRAD, held ? null : PARAMETER, null, null, learningRate, include);
	}

	private static SessionStepRequest sparse(DoubleTensor grad, @Nullable DoubleTensor parameter, long... indices) {
		return new SessionStepRequest(grad, parameter, Indices.of(indices), null, null,
				EnumSet.allOf(SessionInclude.class));
	}

	private static Preconditions ifMatch(String... tags) {
		return new Preconditions(EntityTags.parse("If-Match", List.of(tags)),
				EntityTags.parse("If-None-Match", List.of()));
	}

	private static StepCall call(SessionStepRequest request, boolean keyed, boolean minimal) {
		return new StepCall(request, keyed, ifMatch(), minimal, 1000);
	}

	private static Transition.Plan.Write<StepAnswer> write(StepCall call, Session session) {
		return (Transition.Plan.Write<StepAnswer>) call.plan(session, Optional.empty());
	}

	/// What is remembered of a call that was applied as a step.
	private static Optional<Transition.AppliedStep> applied(SessionStepRequest request, Session session, long step) {
		Sha256 digest = write(call(request, true, false), session).request().orElseThrow();
		return Optional.of(new Transition.AppliedStep(step, digest));
	}

	private static StepAnswer read(StepCall call, Session session, Optional<Transition.AppliedStep> remembered,
			State state) {
		return ((Transition.Plan.Read<StepAnswer>) call.plan(session, remembered)).answer().apply(state);
	}

	private static double @Nullable [] orNull(@Nullable Tensor tensor) {
		return (tensor != null) ? elementsOf(tensor) : null;
	}

	private static void assertBody(SessionStepResponse body, double @Nullable [] parameter, double @Nullable [] G,
			double @Nullable [] effective, double @Nullable [] update) {
		assertThat(orNull(body.parameter())).isEqualTo(parameter);
		assertThat(orNull(body.G())).isEqualTo(G);
		assertThat(orNull(body.effectiveLearningRate())).isEqualTo(effective);
		assertThat(orNull(body.update())).isEqualTo(update);
	}

	@Test
	void aStepWritesGAndAnswersWhatWasAskedFor() {
		Transition.Plan.Write<StepAnswer> plan = write(call(
				request(false, null, SessionInclude.EFFECTIVE_LEARNING_RATE, SessionInclude.UPDATE, SessionInclude.G),
				false, false), session(false, 7));
		assertThat(plan.selection()).isInstanceOf(Selection.All.class);
		assertThat(plan.request()).isEmpty();
		Transition.Written<StepAnswer> written = plan.step().apply(BEFORE);
		assertThat(elementsOf(written.state().G())).containsExactly(4, 25);
		assertThat(written.state().parameter()).isEmpty();
		StepAnswer answer = written.answer();
		assertThat(answer.version()).isEqualTo(new Version(8, "life"));
		assertThat(answer.replayed()).isFalse();
		assertThat(answer.body().step()).isEqualTo(8);
		assertThat(answer.body().appliedStep()).isNull();
		assertThat(answer.body().indices()).isNull();
		assertBody(answer.body(), new double[] { 4, 6.2 }, new double[] { 4, 25 }, new double[] { 0.5, 0.2 },
				new double[] { 1, 0.8 });
	}

	@Test
	void whatIsNotAskedForIsNotAnswered() {
		Session session = session(false, 7);
		double[] parameter = { 4, 6.2 };
		assertBody(write(call(request(false, null), false, false), session).step().apply(BEFORE).answer().body(),
				parameter, null, null, null);
		assertBody(write(call(request(false, null, SessionInclude.UPDATE), false, false), session).step()
			.apply(BEFORE)
			.answer()
			.body(), parameter, null, null, new double[] { 1, 0.8 });
		assertBody(
				write(call(request(false, null, SessionInclude.EFFECTIVE_LEARNING_RATE), false, false), session).step()
					.apply(BEFORE)
					.answer()
					.body(),
				parameter, null, new double[] { 0.5, 0.2 }, null);
	}

	@Test
	void aHeldParameterIsSteppedAndWritten() {
		Transition.Written<StepAnswer> written = write(call(request(true, null), false, false), session(true, 7)).step()
			.apply(HELD_BEFORE);
		assertThat(elementsOf(written.state().parameter().orElseThrow())).containsExactly(4, 6.2);
		assertBody(written.answer().body(), new double[] { 4, 6.2 }, null, null, null);
	}

	@Test
	void aLearningRateOfItsOwnIsForThisStep() {
		// half the rate: Δ = (1/2, 2/5)
		assertBody(
				write(call(request(false, 0.5), false, false), session(false, 7)).step().apply(BEFORE).answer().body(),
				new double[] { 4.5, 6.6 }, null, null, null);
	}

	@Test
	void whoWantsNoTensorsGetsNone() {
		StepAnswer answer = write(call(request(false, null, SessionInclude.values()), false, true), session(false, 7))
			.step()
			.apply(BEFORE)
			.answer();
		// ‖(2, 4)‖, (4, 6.2) − (5, 7) and (4, 6.2)
		StepMetrics metrics = new StepMetrics(1, Math.sqrt(20), 1, Math.sqrt(1 + (7 - 6.2) * (7 - 6.2)),
				Math.sqrt(16 + 6.2 * 6.2), 2);
		assertThat(answer.body()).isEqualTo(SessionStepResponse.minimal(8, null, metrics));
	}

	@Test
	void metricsAreThoseOfTheStepWhenItIsAskedForAgain() {
		for (boolean held : new boolean[] { false, true }) {
			SessionStepRequest request = request(held, null, SessionInclude.METRICS);
			State before = held ? HELD_BEFORE : BEFORE;
			StepMetrics first = write(call(request, true, false), session(held, 7)).step()
				.apply(before)
				.answer()
				.body()
				.metrics();
			Optional<Transition.AppliedStep> applied = applied(request, session(held, 7), 8);
			for (boolean minimal : new boolean[] { false, true }) {
				StepMetrics again = read(call(request, true, minimal), session(held, 8), applied,
						held ? HELD_AFTER : AFTER)
					.body()
					.metrics();
				// θ of before is gone where the server holds it
				assertThat(again).isEqualTo(new StepMetrics(first.learningRate(), first.gradNorm(), first.clipFactor(),
						held ? null : first.updateNorm(), first.parameterNorm(), first.touched()));
			}
		}
	}

	@Test
	void aSparseStepSumsWhatIsForOneElement() {
		// at 3 stands 1 + 3 = 4, at 1 stands 2
		Session session = session(5, false, 7, 0, 1);
		Transition.Plan.Write<StepAnswer> plan = write(
				call(sparse(DoubleTensor.vector(1, 2, 3), DoubleTensor.vector(7, 5, 7), 3, 1, 3), true, false),
				session);
		assertThat(((Selection.Some) plan.selection()).G()).extracting(Ranges::count, Ranges::size)
			.containsExactly(2, 2);
		assertThat(((Selection.Some) plan.selection()).G())
			.extracting((ranges) -> ranges.begin(0), (ranges) -> ranges.begin(1))
			.containsExactly(1L, 3L);
		Transition.Written<StepAnswer> written = plan.step().apply(BEFORE);
		assertThat(elementsOf(written.state().G())).containsExactly(4, 25);
		SessionStepResponse body = written.answer().body();
		assertThat(body.indices()).isNotNull().extracting(Indices::values).isEqualTo(new long[] { 1, 3 });
		assertBody(body, new double[] { 4, 6.2 }, new double[] { 4, 25 }, new double[] { 0.5, 0.2 },
				new double[] { 1, 0.8 });
	}

	@Test
	void aRefusalOfASparseStepNamesTheElementOfTheSession() {
		StepCall call = call(sparse(DoubleTensor.vector(1, 1e200), DoubleTensor.vector(1, 1), 1, 4), false, false);
		assertThatExceptionOfType(NonFiniteResultException.class)
			.isThrownBy(() -> write(call, session(5, false, 7, 0, 1)).step().apply(BEFORE))
			.withMessage("G would be Infinity at index 4");
	}

	@Test
	void answersHaveTheShapeOfTheGradient() {
		Shape shape = new Shape(List.of(2, 1));
		SessionStepRequest request = new SessionStepRequest(GRAD.withShape(shape), null, null, null, null,
				EnumSet.allOf(SessionInclude.class));
		StepAnswer answer = write(call(request, true, false), session(true, 7)).step().apply(HELD_BEFORE).answer();
		assertThat(answer.body().parameter()).isNotNull().extracting(Tensor::shape).isEqualTo(shape);
		StepAnswer replayed = read(call(request, true, false), session(true, 8), applied(request, session(true, 7), 8),
				HELD_AFTER);
		assertThat(replayed.body().parameter()).isNotNull().extracting(Tensor::shape).isEqualTo(shape);
		assertThat(replayed.body().G()).isNotNull().extracting(Tensor::shape).isEqualTo(shape);
	}

	@Test
	void aRetryOfTheNewestStepGetsItsAnswer() {
		SessionStepRequest request = request(false, null, SessionInclude.values());
		StepAnswer answer = read(call(request, true, false), session(false, 8), applied(request, session(false, 7), 8),
				AFTER);
		assertThat(answer.replayed()).isTrue();
		assertThat(answer.version()).isEqualTo(new Version(8, "life"));
		assertThat(answer.body().step()).isEqualTo(8);
		assertThat(answer.body().appliedStep()).isNull();
		assertBody(answer.body(), new double[] { 4, 6.2 }, new double[] { 4, 25 }, new double[] { 0.5, 0.2 },
				new double[] { 1, 0.8 });
	}

	/// By the rate of the step that was taken: η₈ = 1 / (1 + 7 · 1).
	@Test
	void aRetryIsAnsweredWithTheRateOfItsStep() {
		Configuration decaying = flat(2, DType.F64, false, new Hyperparameters(1, 0, EpsilonPlacement.OUTSIDE_SQRT, 1,
				0, WeightDecayMode.COUPLED, false, new Clipping.None()), 0, Optional.empty());
		SessionStepRequest request = request(false, null, SessionInclude.values());
		StepAnswer answer = read(call(request, true, false), session(decaying, 8),
				applied(request, session(decaying, 7), 8), AFTER);
		assertBody(answer.body(), new double[] { 4.875, 6.9 }, new double[] { 4, 25 }, new double[] { 0.0625, 0.025 },
				new double[] { 0.125, 0.1 });
		assertBody(write(call(request, true, false), session(decaying, 7)).step().apply(BEFORE).answer().body(),
				new double[] { 4.875, 6.9 }, new double[] { 4, 25 }, new double[] { 0.0625, 0.025 },
				new double[] { 0.125, 0.1 });
	}

	/// θ of before is gone, and Δ with it.
	@Test
	void aRetryOfAHeldStepGetsWhatIsStillThere() {
		SessionStepRequest request = request(true, null, SessionInclude.values());
		Optional<Transition.AppliedStep> applied = applied(request, session(true, 7), 8);
		StepAnswer answer = read(call(request, true, false), session(true, 8), applied, HELD_AFTER);
		assertThat(answer.replayed()).isTrue();
		assertBody(answer.body(), new double[] { 4, 6.2 }, new double[] { 4, 25 }, new double[] { 0.5, 0.2 }, null);
		assertBody(read(call(request(true, null), true, false), session(true, 8), applied, HELD_AFTER).body(),
				new double[] { 4, 6.2 }, null, null, null);
	}

	/// η / √G is beyond F64 where G is so small; the step was taken when nobody asked for
	/// it.
	@Test
	void aRetryThatAsksForARateThatIsNotFiniteGetsTheRest() {
		State tiny = new State(DoubleTensor.vector(1e-300, 4), Optional.of(DoubleTensor.vector(0, 6)));
		for (boolean held : new boolean[] { true, false }) {
			SessionStepRequest request = new SessionStepRequest(DoubleTensor.vector(0, 0), held ? null : PARAMETER,
					null, null, null, EnumSet.allOf(SessionInclude.class));
			Session session = session(2, held, 8, 0, 1e300);
			StepAnswer answer = read(call(request, true, false), session,
					applied(request, session(2, held, 7, 0, 1e300), 8), tiny);
			assertThat(answer.body().effectiveLearningRate()).isNull();
			assertThat(orNull(answer.body().G())).containsExactly(1e-300, 4);
			assertThat(orNull(answer.body().update())).isEqualTo(held ? null : new double[] { 0, 0 });
		}
	}

	@Test
	void aRetryThatWantsNoTensorsReadsNone() {
		SessionStepRequest request = request(false, null, SessionInclude.G, SessionInclude.UPDATE,
				SessionInclude.EFFECTIVE_LEARNING_RATE);
		Optional<Transition.AppliedStep> applied = applied(request, session(false, 7), 8);
		assertThat(call(request, true, true).plan(session(false, 8), applied)).isEqualTo(new Transition.Plan.Answer<>(
				new StepAnswer(SessionStepResponse.minimal(8, null, null), new Version(8, "life"), true)));
	}

	@Test
	void aRetryOfAnOlderStepGetsHowThingsStandNow() {
		SessionStepRequest request = request(true, null, SessionInclude.G);
		Optional<Transition.AppliedStep> applied = applied(request, session(true, 7), 8);
		StepAnswer answer = read(call(request, true, false), session(true, 10), applied, HELD_AFTER);
		assertThat(answer.replayed()).isTrue();
		assertThat(answer.version()).isEqualTo(new Version(10, "life"));
		assertThat(answer.body().step()).isEqualTo(10);
		assertThat(answer.body().appliedStep()).isEqualTo(8);
		assertBody(answer.body(), new double[] { 4, 6.2 }, new double[] { 4, 25 }, null, null);
		assertBody(read(call(request(true, null), true, false), session(true, 10), applied, HELD_AFTER).body(),
				new double[] { 4, 6.2 }, null, null, null);
		assertThat(call(request, true, true).plan(session(true, 10), applied)).isEqualTo(new Transition.Plan.Answer<>(
				new StepAnswer(SessionStepResponse.minimal(10, 8L, null), new Version(10, "life"), true)));
	}

	@Test
	void aRetryOfAnOlderStepIsRefusedWhereNoParameterIsHeld() {
		SessionStepRequest request = request(false, null);
		Optional<Transition.AppliedStep> applied = applied(request, session(false, 7), 8);
		assertThatRefusal(Code.STEP_SUPERSEDED, () -> call(request, true, false).plan(session(false, 10), applied))
			.satisfies((ex) -> {
				assertThat(ex.members()).containsEntry("applied_step", 8L);
				assertThat(ex.members()).containsEntry("step", 10L);
				assertThat(ex.headers()).containsEntry("ETag", "\"10-life\"");
			});
	}

	/// A restore to the very step that a key was applied at is not that step.
	@Test
	void aStepOfAnEarlierLifeIsNotTheNewest() {
		SessionStepRequest request = request(false, null);
		Optional<Transition.AppliedStep> applied = applied(request, session(false, 7), 8);
		assertThatRefusal(Code.STEP_SUPERSEDED,
				() -> call(request, true, false).plan(session(2, false, 8, 8, 1), applied));
	}

	@Test
	void aKeyIsForOneRequest() {
		Optional<Transition.AppliedStep> applied = applied(request(false, null), session(false, 7), 8);
		assertThatRefusal(Code.IDEMPOTENCY_KEY_REUSED,
				() -> call(request(false, 0.5), true, false).plan(session(false, 8), applied))
			.satisfies((ex) -> assertThat(ex.members()).containsEntry("applied_step", 8L));
	}

	/// A store prepares by the configuration that it remembers, which may be that of a
	/// session that is gone by now.
	@Test
	void whatWasPreparedForAnotherConfigurationPlansByTheSessionThatIs() {
		StepCall call = call(request(false, null), true, false);
		Session session = session(2, false, 7, 0, 1);
		Session faster = session(2, false, 7, 0, 2);
		Map<Session, double[]> expected = Map.of(session, new double[] { 4, 6.2 }, faster, new double[] { 3, 5.4 });
		expected.forEach((each, parameter) -> {
			Transition.Plan.Write<StepAnswer> plan = (Transition.Plan.Write<StepAnswer>) call
				.preparedFor(session.configuration())
				.plan(each, Optional.empty());
			assertThat(plan.request().orElseThrow()).hasToString(DIGEST);
			assertBody(plan.step().apply(BEFORE).answer().body(), parameter, null, null, null);
		});
		assertThatRefusal(Code.LENGTH_MISMATCH,
				() -> call.preparedFor(session.configuration()).plan(session(3, false, 7, 0, 1), Optional.empty()));
		// of the same size
		assertThatRefusal(Code.INVALID_FIELD,
				() -> call.preparedFor(session.configuration()).plan(session(true, 7), Optional.empty()))
			.withMessageContaining("the server holds the parameter");
		assertThatRefusal(Code.DTYPE_MISMATCH,
				() -> call.preparedFor(session.configuration()).plan(floats(), Optional.empty()));
	}

	@Test
	void aPreconditionIsForAStepThatWasNotTakenYet() {
		SessionStepRequest request = request(false, null);
		StepCall call = new StepCall(request, true, ifMatch("\"7\""), false, 1000);
		assertThat(call.plan(session(false, 7), Optional.empty())).isInstanceOf(Transition.Plan.Write.class);
		assertThatRefusal(Code.STEP_MISMATCH, () -> call.plan(session(false, 8), Optional.empty()));
		assertThat(call.plan(session(false, 8), applied(request, session(false, 7), 8)))
			.isInstanceOf(Transition.Plan.Read.class);
	}

	@Test
	void thereIsALastStep() {
		StepCall call = call(request(false, null), false, false);
		assertThatRefusal(Code.INVALID_FIELD, () -> call.plan(session(false, Long.MAX_VALUE), Optional.empty()));
		assertThat(write(call, session(false, Long.MAX_VALUE - 1)).step().apply(BEFORE).answer().version().step())
			.isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void theParameterIsSentExactlyWhereItIsNotHeld() {
		assertThatRefusal(Code.INVALID_FIELD, () -> write(call(request(false, null), false, false), session(true, 7)))
			.withMessage("/parameter must not be sent: the server holds the parameter of this session");
		assertThatRefusal(Code.INVALID_FIELD, () -> write(call(request(true, null), false, false), session(false, 7)))
			.withMessageContaining("the server does not hold the parameter of this session");
	}

	@Test
	void lengthsAreThoseOfTheSessionOrOfTheIndices() {
		assertThatRefusal(Code.LENGTH_MISMATCH,
				() -> write(call(request(false, null), false, false), session(3, false, 7, 0, 1)))
			.withMessage("/grad is an array of length 2, but the session's size is 3")
			.satisfies((ex) -> assertThat(ex.members()).containsEntry("lengths", Map.of("grad", 2L, "size", 3L)));
		assertThatRefusal(Code.LENGTH_MISMATCH,
				() -> write(call(sparse(GRAD, PARAMETER, 1), false, false), session(false, 7)))
			.withMessage("/grad is an array of length 2, but indices is an array of length 1")
			.satisfies((ex) -> assertThat(ex.members()).containsEntry("lengths", Map.of("grad", 2L, "indices", 1L)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3, Integer.MAX_VALUE })
	void indicesAreWithinTheSession(int index) {
		assertThatRefusal(Code.INDEX_OUT_OF_RANGE,
				() -> write(call(sparse(GRAD, PARAMETER, 1, index), false, false), session(false, 7)))
			.withMessage("/indices/1 must be within 0 … 1, was " + index);
	}

	@Test
	void whatIsSentForOneElementMustAgree() {
		StepCall call = call(sparse(DoubleTensor.vector(1, 2, 3), DoubleTensor.vector(9, 5, 6), 0, 1, 1), false, false);
		assertThatRefusal(Code.INVALID_FIELD, () -> write(call, session(false, 7)))
			.withMessage("/parameter/2 must agree with /parameter/1, which is for element 1 too: was 6.0, not 5.0");
	}

	/// −0 agrees with 0, as it makes no other request; the first that was sent is
	/// stepped.
	@Test
	void theSignOfAZeroIsNoDisagreement() {
		for (double first : new double[] { 0.0, -0.0 }) {
			StepCall call = call(sparse(DoubleTensor.vector(0, 4, 0), DoubleTensor.vector(first, 7, -first), 0, 1, 0),
					false, false);
			double[] parameter = elementsOf(
					write(call, session(false, 7)).step().apply(BEFORE).answer().body().parameter());
			assertThat(Double.compare(parameter[0], first)).isZero();
			assertThat(parameter[1]).isEqualTo(6.2);
		}
		StepCall smallest = call(sparse(DoubleTensor.vector(0, 0), DoubleTensor.vector(0, -Double.MIN_VALUE), 0, 0),
				false, false);
		assertThatRefusal(Code.INVALID_FIELD, () -> write(smallest, session(false, 7)));
	}

	@Test
	void tensorsHaveTheDtypeOfTheSession() {
		SessionStepRequest request = new SessionStepRequest(FloatTensor.vector(2, 4), PARAMETER, null, null, null,
				null);
		assertThatRefusal(Code.DTYPE_MISMATCH, () -> write(call(request, false, false), session(false, 7)))
			.withMessage("/grad is F32, but the session's dtype is F64");
	}

	/// Stores remember digests for as long as a session lives, so they must stay what
	/// they are. Those here are Python's:
	/// hashlib.sha256(struct.pack('>bd', 0, 0) + struct.pack('>3i', 2, 2, 0) +
	/// struct.pack('<4d', 2, 4, 5, 7)), and so on.
	@Test
	void theDigestOfARequestIsThatOfItsValues() {
		assertThat(digest(request(false, null), session(false, 7))).isEqualTo(DIGEST);
		SessionStepRequest sparse = new SessionStepRequest(DoubleTensor.vector(1, 2, 3), DoubleTensor.vector(5, 6, 5),
				Indices.of(3, 1, 3), null, 0.25, null);
		assertThat(digest(sparse, session(5, false, 7, 0, 1)))
			.isEqualTo("ade0cfcca4778768d4766034ca9c0ff88276b2ac7446e3527c9ce4bdd593e241");
		SessionStepRequest asFloats = new SessionStepRequest(FloatTensor.vector(2, 4), FloatTensor.vector(5, 7), null,
				null, null, null);
		assertThat(digest(asFloats, floats()))
			.isEqualTo("a0c5c1b2ed4f9918c71b3bbd9f98dc98e8c79b518ca14e7599ee0d688fe7b7ed");
	}

	/// Indices are big-endian and numbers little-endian, so each pair here has the same
	/// bytes one after another.
	@Test
	void theSameBytesCutElsewhereAreAnotherRequest() {
		double asTwoIndices = Double.longBitsToDouble(Long.reverseBytes(1));
		float asOneIndex = Float.intBitsToFloat(Integer.reverseBytes(1));
		assertThat(digest(new SessionStepRequest(DoubleTensor.vector(2, 4), null, Indices.of(0, 1), null, null, null),
				session(3, true, 7, 0, 1)))
			.isNotEqualTo(digest(
					new SessionStepRequest(DoubleTensor.vector(2, 4, asTwoIndices), null, null, null, null, null),
					session(3, true, 7, 0, 1)));
		assertThat(digest(new SessionStepRequest(FloatTensor.vector(2), null, Indices.of(1), null, null, null),
				floats(true)))
			.isNotEqualTo(
					digest(new SessionStepRequest(FloatTensor.vector(2, asOneIndex), null, null, null, null, null),
							floats(true)));
		// grad and parameter, or grad alone
		assertThat(digest(request(false, null), session(false, 7)))
			.isNotEqualTo(digest(new SessionStepRequest(DoubleTensor.vector(2, 4, 5, 7), null, null, null, null, null),
					session(4, true, 7, 0, 1)));
		// a parameter, or indices
		assertThat(digest(new SessionStepRequest(DoubleTensor.vector(2), DoubleTensor.vector(asTwoIndices), null, null,
				null, null), session(1, false, 7, 0, 1)))
			.isNotEqualTo(
					digest(new SessionStepRequest(FloatTensor.vector(0, 2), null, Indices.of(0, 1), null, null, null),
							floats(true)));
	}

	@Test
	void theSignOfAZeroMakesNoOtherRequest() {
		for (double zero : new double[] { 0.0, -0.0 }) {
			SessionStepRequest request = new SessionStepRequest(DoubleTensor.vector(zero, 1), PARAMETER, null, null,
					zero, null);
			assertThat(digest(request, session(false, 7)))
				.isEqualTo(digest(new SessionStepRequest(DoubleTensor.vector(0, 1), PARAMETER, null, null, 0.0, null),
						session(false, 7)));
			FloatTensor parameter = FloatTensor.vector(5, 7);
			SessionStepRequest asFloats = new SessionStepRequest(FloatTensor.vector((float) zero, 1), parameter, null,
					null, null, null);
			assertThat(digest(asFloats, floats())).isEqualTo(digest(
					new SessionStepRequest(FloatTensor.vector(0, 1), parameter, null, null, null, null), floats()));
		}
	}

	private static Session floats() {
		return floats(false);
	}

	private static Session floats(boolean held) {
		return new Session(new OptimizerId(Tenant.DEFAULT, "s"), "",
				flat(2, DType.F32, held, rate(1), 0, Optional.empty()), List.of(),
				Sha256.ofBytes(new byte[Sha256.BYTES]), new Version(7, "life"), 0, 0, Instant.EPOCH, Instant.EPOCH,
				Optional.empty());
	}

	private static String digest(SessionStepRequest request, Session session) {
		return write(call(request, true, false), session).request().orElseThrow().toString();
	}

	/// Four doubles for each element, and one for each thing asked for; for a sparse one
	/// also five longs and four ints, and 4 KiB around each index, up to 8 MiB.
	@Test
	void theMemoryOfAStepIsKnownBefore() {
		assertThat(request(false, null).workingBytes()).isEqualTo(2 * 4 * 8);
		assertThat(request(false, null, SessionInclude.G, SessionInclude.UPDATE).workingBytes()).isEqualTo(2 * 6 * 8);
		assertThat(new SessionStepRequest(GRAD, null, Indices.of(0, 1), null, null, null).workingBytes())
			.isEqualTo(2 * (4 * 8 + 40 + 16) + 2 * 4096);
		assertThat(SteppedTensor.bytesOfChunks(Indices.of(new long[2049]))).isEqualTo(8 << 20);
	}

}
