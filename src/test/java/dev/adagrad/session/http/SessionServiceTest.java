package dev.adagrad.session.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Tenant;
import dev.adagrad.kernel.Clipping;
import dev.adagrad.kernel.Preset;
import dev.adagrad.refusal.Code;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import java.util.Map;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionStore;
import dev.adagrad.session.Sha256;
import dev.adagrad.spool.CountedRoom;
import dev.adagrad.spool.TemporaryFiles;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Decimals;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Limits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.refusal.RefusalAssertions.place;
import static dev.adagrad.session.http.MemoryStore.elementsOf;
import static dev.adagrad.session.store.Fixtures.flat;
import static org.assertj.core.api.Assertions.assertThat;

class SessionServiceTest {

	static final OptimizerId ID = new OptimizerId(Tenant.DEFAULT, "s");

	static final Preconditions NONE = new Preconditions(EntityTags.parse("If-Match", List.of()), noneMatch());

	@TempDir
	private Path folder;

	private final MemoryStore store = new MemoryStore();

	private final SessionService service = new SessionService(this.store, new Limits(1000, 10, 20));

	private static EntityTags noneMatch(String... tags) {
		return EntityTags.parse("If-None-Match", List.of(tags));
	}

	private static Preconditions ifMatch(String tag) {
		return new Preconditions(EntityTags.parse("If-Match", List.of(tag)), noneMatch());
	}

	/// A request with a size, or with tensors.
	static CreateSessionRequest request(@Nullable Long size, double @Nullable [] G, double @Nullable [] parameter,
			@Nullable Double initialG, @Nullable Double initialParameter, @Nullable DType dtype) {
		return new CreateSessionRequest(size, numbers(G), numbers(parameter), initialG, initialParameter, null, null,
				null, null, dtype, null, null, null, null, null, null, null, null, null, null, null, null, null);
	}

	static CreateSessionRequest ofSize(long size) {
		return request(size, null, null, null, null, null);
	}

	/// As from JSON, block by block of two.
	private static @Nullable Blocks<Numbers> numbers(double @Nullable [] values) {
		if (values == null) {
			return null;
		}
		List<Numbers> blocks = new ArrayList<>();
		for (int from = 0; from < values.length; from += 2) {
			blocks.add(Decimals.vector(Arrays.copyOfRange(values, from, Math.min(from + 2, values.length)), new int[0],
					new float[0]));
		}
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return Shape.vector(values.length);
			}

			@Override
			public java.util.Iterator<Numbers> iterator() {
				return blocks.iterator();
			}
		};
	}

	private Session created(CreateSessionRequest request) {
		SessionStore.Creation creation = this.service.create(ID, Caller.ANYBODY, request, NONE);
		assertThat(creation).returns(true, SessionStore.Creation::isNew);
		return creation.session();
	}

	@Test
	void whatIsNotNamedHasItsDefault() {
		Session session = created(ofSize(3));
		assertThat(session.configuration().size()).isEqualTo(3);
		assertThat(session.configuration().dtype()).isEqualTo(DType.F64);
		assertThat(session.configuration().holdsParameter()).isFalse();
		assertThat(session.version().step()).isZero();
		assertThat(session.version().incarnation()).matches("[0-9a-f]{16}").isNotEqualTo("0".repeat(16));
		assertThat(session.configuration().ttl()).isEmpty();
		assertThat(elementsOf(this.store.state(ID).G())).containsExactly(0, 0, 0);
	}

	@Test
	void whatIsNamedIsTaken() {
		Session session = created(Requests.create("{'size':2,'initial_parameter_value':1.5,'step':7,'ttl_seconds':60,"
				+ "'dtype':'F32','preset':'keras','learning_rate':0.5}"));
		assertThat(session.configuration()).isEqualTo(flat(2, DType.F32, true,
				Preset.KERAS.hyperparameters().withLearningRate(0.5), 7, Optional.of(Duration.ofSeconds(60))));
		assertThat(session.version().step()).isEqualTo(7);
		// G of Keras starts from 0.1
		assertThat(elementsOf(this.store.state(ID).G())).containsExactly(0.1f, 0.1f);
		assertThat(elementsOf(this.store.state(ID).parameter().orElseThrow())).containsExactly(1.5, 1.5);
		assertThat(session.starts().getFirst().G()).hasValue(new Initial.Constant(0.1f));
	}

	@Test
	void tensorsAreTakenBlockByBlock() {
		created(request(null, new double[] { 1, 2, 3 }, new double[] { -4, 5, 6 }, null, null, null));
		assertThat(elementsOf(this.store.state(ID).G())).containsExactly(1, 2, 3);
		assertThat(elementsOf(this.store.state(ID).parameter().orElseThrow())).containsExactly(-4, 5, 6);
		this.service.delete(ID, Caller.ANYBODY, NONE);
		Session session = created(request(null, null, new double[] { 1, 2, 3 }, 0.5, null, null));
		assertThat(session.configuration().size()).isEqualTo(3);
		assertThat(elementsOf(this.store.state(ID).G())).containsExactly(0.5, 0.5, 0.5);
	}

	@Test
	void whatCannotBeOfTheSessionIsRefusedAtItsPlace() {
		assertRefused(request(null, new double[] { 1, 2, 0, -0.5 }, null, null, null, null), "/G/3",
				"must be ≥ 0, was -0.5");
		assertRefused(request(null, null, new double[] { 1, 2, 3, 1e39 }, null, null, DType.F32), "/parameter/3",
				"must fit F32, was 1.0E39");
		assertRefused(request(3L, null, null, 1e39, null, DType.F32), "/initial_accumulator_value",
				"must fit F32, was 1.0E39");
		assertRefused(request(3L, null, null, null, -1e39, DType.F32), "/initial_parameter_value",
				"must fit F32, was -1.0E39");
		assertRefused(ofSize(21), "/size", "must be ≤ 20, was 21");
		assertRefused(ofSize(1L << 32), "/size", "must be ≤ 20, was 4294967296");
		assertThat(created(ofSize(20)).configuration().size()).isEqualTo(20);
	}

	private void assertRefused(CreateSessionRequest request, String pointer, String detail) {
		assertThatRefusal(Code.INVALID_FIELD, () -> this.service.create(ID, Caller.ANYBODY, request, NONE))
			.satisfies((ex) -> {
				assertThat(place(ex).pointer()).isEqualTo(pointer);
				assertThat(place(ex).detail()).isEqualTo(detail);
			});
	}

	@Test
	void theSameAgainIsTheSameSession() {
		created(ofSize(3));
		assertThat(this.service.create(ID, Caller.ANYBODY, ofSize(3), NONE)).returns(false,
				SessionStore.Creation::isNew);
		assertThat(this.service.create(ID, Caller.ANYBODY, ofSize(3), ifMatch("\"0\""))).returns(false,
				SessionStore.Creation::isNew);
		assertThat(this.service.create(ID, Caller.ANYBODY,
				request(null, new double[] { 0, 0, 0 }, null, null, null, null), NONE))
			.as("the same, one by one")
			.returns(false, SessionStore.Creation::isNew);
	}

	@Test
	void somethingElseUnderTheIdIsRefused() {
		created(ofSize(3));
		for (Preconditions preconditions : List.of(NONE, ifMatch("*"))) {
			assertThatRefusal(Code.SESSION_EXISTS,
					() -> this.service.create(ID, Caller.ANYBODY, request(4L, null, null, null, null, DType.F32),
							preconditions))
				.withMessage("session s exists and was created differently: size was 3, not 4; dtype was F64, not F32");
			assertThatRefusal(Code.SESSION_EXISTS,
					() -> this.service.create(ID, Caller.ANYBODY, request(3L, null, null, 1.0, null, null),
							preconditions))
				.withMessage("session s exists and was created differently: G started from other values");
			CreateSessionRequest others = Requests
				.create("{'size':3,'initial_parameter_value':0,'step':5,'ttl_seconds':9,"
						+ "'preset':'keras','lr_decay':0.5,'weight_decay':0.25,'l1':0.1,'l2':0.2,'maximize':true,"
						+ "'clip_value':2}");
			assertThatRefusal(Code.SESSION_EXISTS, () -> this.service.create(ID, Caller.ANYBODY, others, preconditions))
				.withMessage("session s exists and was created differently: holds_parameter was false, not true; "
						+ "step was 0, not 5; ttl_seconds was none, not 9; learning_rate was 0.01, not 0.001; "
						+ "epsilon was 1.0E-8, not 1.0E-7; epsilon_placement was outside_sqrt, not inside_sqrt; "
						+ "lr_decay was 0.0, not 0.5; weight_decay_mode was coupled, not decoupled; "
						+ "maximize was false, not true; weight_decay was 0.0, not 0.25; l1 was 0.0, not 0.1; "
						+ "l2 was 0.0, not 0.2; clip_value was none, not 2.0");
			CreateSessionRequest byNorm = Requests.create("{'size':3,'clip_norm':2}");
			assertThatRefusal(Code.SESSION_EXISTS, () -> this.service.create(ID, Caller.ANYBODY, byNorm, preconditions))
				.withMessageEndingWith(
						"created differently: clip_norm was none, not 2.0; clip_norm_scope was none, not global");
		}
		this.service.delete(ID, Caller.ANYBODY, NONE);
		created(request(3L, null, null, null, 1.0, null));
		assertThatRefusal(Code.SESSION_EXISTS,
				() -> this.service.create(ID, Caller.ANYBODY, request(3L, null, null, null, 2.0, null), NONE))
			.withMessageEndingWith("G or the parameter started from other values");
	}

	@Test
	void ifMatchCreatesNothing() {
		assertThatRefusal(Code.STEP_MISMATCH, () -> this.service.create(ID, Caller.ANYBODY, ofSize(3), ifMatch("*")))
			.satisfies((ex) -> assertThat(ex.members()).isEmpty());
		assertThat(this.store.count()).isZero();
		created(ofSize(3));
		assertThatRefusal(Code.STEP_MISMATCH,
				() -> this.service.create(ID, Caller.ANYBODY, ofSize(3), ifMatch("\"1\"")))
			.satisfies((ex) -> {
				assertThat(ex.members()).containsEntry("step", 0L);
				assertThat(ex.headers().get("ETag")).startsWith("\"0-");
			});
		assertThatRefusal(Code.STEP_MISMATCH, () -> this.service.create(ID, Caller.ANYBODY, ofSize(3),
				new Preconditions(EntityTags.parse("If-Match", List.of()), noneMatch("*"))));
	}

	@Test
	void anIdOfOursIsOneThatNobodyHas() {
		this.store.collisions = 2;
		Session first = this.service.create(Caller.ANYBODY, ofSize(3));
		Session second = this.service.create(Caller.ANYBODY, ofSize(3));
		assertThat(first.id()).isNotEqualTo(second.id());
		assertThat(this.store.count()).isEqualTo(2);
		assertThat(first.id().value()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
	}

	@Test
	void aListTellsWhetherMoreFollow() {
		for (String id : List.of("c", "a", "b")) {
			this.service.create(new OptimizerId(Tenant.DEFAULT, id), Caller.ANYBODY, ofSize(1), NONE);
		}
		SessionList two = this.service.list(Tenant.DEFAULT, Optional.empty(), 2).body();
		assertThat(two.sessions()).extracting(SessionDescription::id).containsExactly("a", "b");
		assertThat(two.next()).isEqualTo("b");
		SessionList rest = this.service.list(Tenant.DEFAULT, Optional.of(new OptimizerId(Tenant.DEFAULT, "b")), 2)
			.body();
		assertThat(rest.sessions()).extracting(SessionDescription::id).containsExactly("c");
		assertThat(rest.next()).isNull();
		assertThat(this.service.list(Tenant.DEFAULT, Optional.empty(), 3).body().next()).isNull();
	}

	/// More than are read from the store at once.
	@Test
	void aLongListIsWhole() {
		for (int i = 100; i < 140; i++) {
			this.service.create(new OptimizerId(Tenant.DEFAULT, "s" + i), Caller.ANYBODY, ofSize(1), NONE);
		}
		SessionList most = this.service.list(Tenant.DEFAULT, Optional.empty(), 39).body();
		assertThat(most.sessions()).hasSize(39).extracting(SessionDescription::id).doesNotHaveDuplicates();
		assertThat(most.next()).isEqualTo("s138");
		for (int limit : new int[] { 40, 41, 1000 }) {
			SessionList all = this.service.list(Tenant.DEFAULT, Optional.empty(), limit).body();
			assertThat(all.sessions()).hasSize(40).extracting(SessionDescription::id).isSorted();
			assertThat(all.next()).isNull();
		}
		assertThat(this.service.list(Tenant.DEFAULT, Optional.empty(), 8).body().next()).isEqualTo("s107");
	}

	/// Where sessions have very many tensors a page has fewer, and says where to go on.
	@Test
	void aListOfLargeModelsIsCut() {
		Map<String, CreateTensorRequest> tensors = new java.util.TreeMap<>();
		CreateTensorRequest tensor = java.util.Objects
			.requireNonNull(Requests.create("{'tensors':{'t':{'shape':[1]}}}").tensors())
			.get("t");
		for (int i = 0; i < Layout.MOST_TENSORS; i++) {
			tensors.put("t" + i, tensor);
		}
		for (String id : List.of("a", "b", "c", "d", "e")) {
			this.service.create(new OptimizerId(Tenant.DEFAULT, id), Caller.ANYBODY, ofTensors(tensors), NONE);
		}
		SessionList page = this.service.list(Tenant.DEFAULT, Optional.empty(), 100).body();
		assertThat(page.sessions()).extracting(SessionDescription::id).containsExactly("a", "b", "c");
		assertThat(page.next()).isEqualTo("c");
		SessionList rest = this.service.list(Tenant.DEFAULT, Optional.of(new OptimizerId(Tenant.DEFAULT, "c")), 100)
			.body();
		assertThat(rest.sessions()).extracting(SessionDescription::id).containsExactly("d", "e");
		assertThat(rest.next()).isNull();
		tensors.put("one more", tensor);
		assertThatRefusal(Code.INVALID_FIELD, () -> this.service.create(ID, Caller.ANYBODY, ofTensors(tensors), NONE))
			.withMessage("/tensors must name at most 2048 tensors, names 2049");
	}

	private static CreateSessionRequest ofTensors(Map<String, CreateTensorRequest> tensors) {
		return new CreateSessionRequest(null, null, null, null, null, null, tensors, null, null, null, null, null, null,
				null, null, null, null, null, null, null, null, null, null);
	}

	@Test
	void whatIsNotThereIsNotFound() {
		assertThatRefusal(Code.SESSION_NOT_FOUND, () -> this.service.describe(ID));
		assertThat(created(ofSize(1))).isEqualTo(this.service.describe(ID));
	}

	@Test
	void aDescriptionTellsAllThatIsInForce() {
		SessionDescription description = SessionDescription.of(created(Requests.create(
				"{'size':2,'initial_accumulator_value':0.25,'initial_parameter_value':1.5,'step':7,'ttl_seconds':60,"
						+ "'dtype':'F32','preset':'keras','lr_decay':0.5,'weight_decay':0.125,'l1':0.1,'l2':0.2,"
						+ "'maximize':true,'clip_value':3}")));
		assertThat(description).isEqualTo(new SessionDescription("s", 2, null, DType.F32, 7, true, 0, 0.001, 1e-7,
				dev.adagrad.kernel.EpsilonPlacement.INSIDE_SQRT, 0.5, 0.125,
				dev.adagrad.kernel.WeightDecayMode.DECOUPLED, 0.1, 0.2, true, 3.0, null, null, 0.25, 1.5, null, 60L,
				MemoryStore.NOW, MemoryStore.NOW, MemoryStore.NOW.plusSeconds(60), null));
		this.service.delete(ID, Caller.ANYBODY, NONE);
		SessionDescription byNorm = SessionDescription.of(created(Requests.create("{'size':2,'clip_norm':4}")));
		assertThat(byNorm.clipValue()).isNull();
		assertThat(byNorm.clipNorm()).isEqualTo(4);
		assertThat(byNorm.clipNormScope()).isEqualTo(Clipping.Scope.GLOBAL);
		assertThat(byNorm.ttlSeconds()).isNull();
		assertThat(byNorm.expiresAt()).isNull();
	}

	@Test
	void aKeyIsAnsweredOnce() {
		created(request(2L, null, null, null, 1.0, null));
		SessionStepRequest request = new SessionStepRequest(DoubleTensor.vector(1, 1), null, null, null, null, null);
		Optional<IdempotencyKey> key = IdempotencyKey.parse(List.of("k"));
		StepCall call = new StepCall(request, true, NONE, false, 1000);
		assertThat(this.service.step(ID, key, call).replayed()).isFalse();
		assertThat(this.service.step(ID, key, call).replayed()).isTrue();
		assertThat(this.service.describe(ID).version().step()).isEqualTo(1);
	}

	@Test
	void theStateIsAnsweredUnlessTheClientHasIt() {
		Session session = created(request(null, new double[] { 1, 2, 3 }, new double[] { 4, 5, 6 }, null, null, null));
		CountedRoom room = new CountedRoom(new TemporaryFiles(this.folder));
		SessionService.StateAnswer answer = this.service.state(ID, Optional.empty(), noneMatch(), room);
		assertThat(answer.version()).isEqualTo(session.version());
		StateResponse body = answer.body().orElseThrow();
		assertThat(body.step()).isZero();
		assertThat(body.indices()).isNull();
		assertThat(elementsOf(body.G().iterator().next())).containsExactly(1, 2, 3);
		assertThat(body.parameter()).isNotNull();
		assertThat(elementsOf(body.parameter().iterator().next())).containsExactly(4, 5, 6);
		// two blocks of a MiB while nothing is known; then of G and of the parameter what
		// stays in memory
		assertThat(room.calls()).containsExactly(2L << 20, -(2L << 20), 2 * 3 * 8L);
		assertThat(this.service
			.state(ID, Optional.empty(), noneMatch("\"0-" + session.version().incarnation() + "\""), room)
			.body()).isEmpty();
		assertThatRefusal(Code.SESSION_NOT_FOUND, () -> this.service.state(new OptimizerId(Tenant.DEFAULT, "other"),
				Optional.empty(), noneMatch(), room));
	}

	@Test
	void elementsAreAnsweredOnceEachAscending() {
		Session session = created(request(null, new double[] { 1, 2, 3 }, new double[] { 4, 5, 6 }, null, null, null));
		CountedRoom room = new CountedRoom(new TemporaryFiles(this.folder));
		StateResponse body = this.service.elements(ID, Optional.empty(), Indices.of(2, 0, 2), noneMatch(), room)
			.body()
			.orElseThrow();
		assertThat(body.step()).isZero();
		assertThat(body.indices()).isNotNull().extracting(Indices::values).isEqualTo(new long[] { 0, 2 });
		assertThat(elementsOf(body.G().iterator().next())).containsExactly(1, 3);
		assertThat(body.parameter()).isNotNull();
		assertThat(elementsOf(body.parameter().iterator().next())).containsExactly(4, 6);
		// two indices, each with 4 longs, 2 ints and 4 KiB around it, and 2 elements of
		// each
		// vector twice
		assertThat(room.calls()).containsExactly(2 * (4 * 8 + 2 * 4) + 2 * 4096 + 2 * 2 * 2 * 8L);
		assertThat(this.service.elements(ID, Optional.empty(), Indices.of(1),
				noneMatch("\"0-" + session.version().incarnation() + "\""), room))
			.isEqualTo(new SessionService.StateAnswer(session.version(), Optional.empty()));
		assertThatRefusal(Code.INDEX_OUT_OF_RANGE,
				() -> this.service.elements(ID, Optional.empty(), Indices.of(0, 3), noneMatch(), room))
			.withMessage("/indices/1 must be within 0 … 2, was 3");
	}

	@Test
	void aRestoreBeginsANewLife() {
		Session session = created(request(2L, null, null, null, 1.0, null));
		Session restored = this.service.restore(ID, new RestoreRequest(9L, null, numbers(new double[] { 1, 2 }),
				numbers(new double[] { 3, -4 }), null, null), false, NONE);
		assertThat(restored.version().step()).isEqualTo(9);
		assertThat(restored.version().incarnation()).matches("[0-9a-f]{16}")
			.isNotEqualTo(session.version().incarnation());
		assertThat(elementsOf(this.store.state(ID).G())).containsExactly(1, 2);
		assertThat(elementsOf(this.store.state(ID).parameter().orElseThrow())).containsExactly(3, -4);
	}

	@Test
	void aRestoreThatDoesNotFitChangesNothing() {
		created(request(2L, null, null, null, 1.0, null));
		double[] two = { 1, 2 };
		double[] three = { 1, 2, 3 };
		assertThatRefusal(Code.LENGTH_MISMATCH, () -> restore(ID, three, two, NONE))
			.withMessage("/G is an array of length 3, but the session's size is 2");
		assertThatRefusal(Code.LENGTH_MISMATCH, () -> restore(ID, two, three, NONE))
			.withMessage("/parameter is an array of length 3, but the session's size is 2");
		assertThatRefusal(Code.INVALID_FIELD, () -> restore(ID, new double[] { 1, -1 }, two, NONE))
			.withMessage("/G/1 must be ≥ 0, was -1.0");
		assertThatRefusal(Code.INVALID_FIELD, () -> restore(ID, two, null, NONE))
			.withMessageContaining("the server holds the parameter of this session");
		assertThatRefusal(Code.STEP_MISMATCH, () -> restore(ID, two, two, ifMatch("\"1\"")));
		assertThat(this.service.describe(ID).version().step()).isZero();
		assertThat(elementsOf(this.store.state(ID).G())).containsExactly(0, 0);
	}

	@Test
	void aRestoreBringsNoParameterWhereNoneIsHeld() {
		created(request(2L, null, null, null, null, DType.F32));
		double[] two = { 1, 2 };
		assertThatRefusal(Code.INVALID_FIELD, () -> restore(ID, two, two, NONE))
			.withMessage("/parameter must not be sent: the server does not hold the parameter of this session");
		restore(ID, two, null, NONE);
		assertThat(this.store.state(ID).G()).isInstanceOf(FloatTensor.class);
		assertThat(this.store.state(ID).parameter()).isEmpty();
	}

	@Test
	void aRestoreOfAnotherSessionThanWasLookedAtIsRefused() {
		created(ofSize(2));
		this.store.beforeRestore = () -> {
			this.service.delete(ID, Caller.ANYBODY, NONE);
			created(request(2L, null, null, null, null, DType.F32));
		};
		assertThatRefusal(Code.SESSION_BUSY, () -> restore(ID, new double[] { 1, 2 }, null, NONE));
	}

	/// Before the store is asked to write, so that it need not take it back.
	@Test
	void aRestoreIsReadToItsEndBefore() {
		created(request(2L, null, null, null, 1.0, DType.F32));
		this.store.beforeRestore = () -> {
			throw new AssertionError("the store was asked");
		};
		assertThatRefusal(Code.INVALID_FIELD, () -> restore(ID, new double[] { 1, 1e39 }, new double[] { 1, 2 }, NONE));
		assertThatRefusal(Code.INVALID_FIELD, () -> restore(ID, new double[] { 1, 2 }, new double[] { 1e39, 2 }, NONE))
			.withMessage("/parameter/0 must fit F32, was 1.0E39");
	}

	private void restore(OptimizerId id, double[] G, double @Nullable [] parameter, Preconditions preconditions) {
		Blocks<Numbers> numbers = numbers(G);
		assertThat(numbers).isNotNull();
		this.service.restore(id, new RestoreRequest(1L, null, numbers, numbers(parameter), null, null), false,
				preconditions);
	}

	/// A damaged session can be deleted where there is nothing to check.
	@Test
	void aDeletionChecksWhatItWasAskedTo() {
		created(ofSize(2));
		assertThatRefusal(Code.STEP_MISMATCH, () -> this.service.delete(ID, Caller.ANYBODY, ifMatch("\"1\"")));
		this.service.delete(ID, Caller.ANYBODY, ifMatch("\"0\""));
		created(ofSize(2));
		assertThatRefusal(Code.STEP_MISMATCH, () -> this.service.delete(ID, Caller.ANYBODY,
				new Preconditions(EntityTags.parse("If-Match", List.of()), noneMatch("*"))));
		this.service.delete(ID, Caller.ANYBODY, NONE);
		assertThat(this.store.count()).isZero();
		assertThat(this.store.checkedDeletions).containsExactly(true, true, true, false);
	}

	private static Sha256 digest(Configuration configuration, Initial G, Optional<Initial> parameter) {
		return TensorDigest.of(configuration, List.of(G), parameter.map(List::of));
	}

	/// Python: sha256(sha256(pack('>ibd', 3, 8, 0.5))), sha256(sha256(pack('<2500d', 0,
	/// 1, 2, …) + b'\x08')), and so on.
	/// They are kept with the session, so they must stay what they are.
	@Test
	void theDigestOfWhatASessionStartsFromIsThatOfItsElements() {
		Configuration three = flat(3, DType.F64, false, Preset.TORCH.hyperparameters(), 0, Optional.empty());
		Initial half = new Initial.Constant(0.5);
		String constant = "caf5c48a811fd94651653691600d0eafb6131b46bd7cf3d67defbfc0ef6a6674";
		assertThat(digest(three, half, Optional.empty())).hasToString(constant);
		assertThat(digest(three, half, Optional.of(new Initial.Constant(-1))))
			.hasToString("ba3d97a043293330700ebe3666555275487c305e4c7477d418a85de9bcddb07d");
		assertThat(digest(three, given(DoubleTensor.vector(0.5, 0.5, 0.5)), Optional.empty())).hasToString(constant);
		assertThat(digest(three, given(DoubleTensor.vector(-0.0, 0, 0)), Optional.empty()))
			.isNotEqualTo(digest(three, given(DoubleTensor.vector(0, 0, 0)), Optional.empty()))
			.isNotEqualTo(digest(three, given(DoubleTensor.vector(0, 0, -0.0)), Optional.empty()));
		double[] counting = new double[2500];
		Arrays.setAll(counting, (i) -> i);
		assertThat(digest(three, given(MemoryStore.tensor(DType.F64, counting)), Optional.empty()))
			.hasToString("4b8014f17ac29c813622aab67b22e79a7e289f7d60571f11eddc5333880b73db");
		Configuration floats = flat(3, DType.F32, false, Preset.TORCH.hyperparameters(), 0, Optional.empty());
		assertThat(digest(floats, given(MemoryStore.tensor(DType.F32, counting)), Optional.empty()))
			.hasToString("e3f4db9bcba85697bb0f53dcea3bc8ade978ddac4451cc77cb3ef589179ca904");
	}

	/// G and the parameter are hashed apart, and each with its size or its elements, and
	/// its dtype.
	@Test
	void theSameNumbersCutElsewhereAreAnotherStart() {
		Configuration two = flat(2, DType.F64, true, Preset.TORCH.hyperparameters(), 0, Optional.empty());
		Configuration four = flat(4, DType.F64, false, Preset.TORCH.hyperparameters(), 0, Optional.empty());
		Configuration floats = flat(4, DType.F32, false, Preset.TORCH.hyperparameters(), 0, Optional.empty());
		Configuration twoFloats = flat(2, DType.F32, false, Preset.TORCH.hyperparameters(), 0, Optional.empty());
		Initial half = new Initial.Constant(0.5);
		Initial pair = given(DoubleTensor.vector(1, 2));
		Initial other = given(DoubleTensor.vector(3, 4));
		// 1 and 2 of F64, little-endian, as floats
		Initial asFloats = given(FloatTensor.vector(0, 1.875f, 0, 2));
		assertThat(List.of(digest(two, pair, Optional.of(other)), digest(two, other, Optional.of(pair)),
				digest(two, pair, Optional.empty()), digest(two, pair, Optional.of(pair)),
				digest(four, given(DoubleTensor.vector(1, 2, 3, 4)), Optional.empty()),
				digest(floats, asFloats, Optional.empty()), digest(two, half, Optional.empty()),
				digest(four, half, Optional.empty()), digest(floats, half, Optional.empty()),
				digest(twoFloats, half, Optional.empty()), digest(two, half, Optional.of(half))))
			.doesNotHaveDuplicates();
	}

	private static Initial given(Tensor whole) {
		return new Initial.Given(Blocks.of(whole));
	}

}
