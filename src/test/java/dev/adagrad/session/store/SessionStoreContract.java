package dev.adagrad.session.store;

import java.util.function.BiFunction;
import java.util.Map;
import java.util.TreeMap;
import dev.adagrad.caller.Tenant;
import dev.adagrad.session.Restoration;
import dev.adagrad.session.Uniform;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Layout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.adagrad.refusal.Code;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionStore.Creation;
import dev.adagrad.session.Start;
import dev.adagrad.session.State;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Vector;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.store.Fixtures.at;
import static dev.adagrad.session.store.Fixtures.G;
import static dev.adagrad.session.store.Fixtures.NO_KEY;
import static dev.adagrad.session.store.Fixtures.adding;
import static dev.adagrad.session.store.Fixtures.addingToAll;
import static dev.adagrad.session.store.Fixtures.await;
import static dev.adagrad.session.store.Fixtures.blocks;
import static dev.adagrad.session.store.Fixtures.constant;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.counting;
import static dev.adagrad.session.store.Fixtures.digest;
import static dev.adagrad.session.store.Fixtures.elementsOf;
import static dev.adagrad.session.store.Fixtures.expiring;
import static dev.adagrad.session.store.Fixtures.failing;
import static dev.adagrad.session.store.Fixtures.flat;
import static dev.adagrad.session.store.Fixtures.given;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.key;
import static dev.adagrad.session.store.Fixtures.parameter;
import static dev.adagrad.session.store.Fixtures.plain;
import static dev.adagrad.session.store.Fixtures.plus;
import static dev.adagrad.session.store.Fixtures.state;
import static dev.adagrad.session.store.Fixtures.step;
import static dev.adagrad.session.store.Fixtures.whole;
import static dev.adagrad.session.store.Fixtures.tensor;
import static dev.adagrad.session.store.TuningBuilder.tuned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every store must do. Chunks have 8 elements of F64 or 16 of F32 here, and three keys are remembered.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class SessionStoreContract {

	static final int CHUNK_BYTES = 64;

	static final int REMEMBERED_KEYS = 3;

	private static final Selection ALL = new Selection.All();

	private ManagedStore store;

	/// Opens a store over the place of this test.
	protected abstract ManagedStore open(Tuning tuning, SessionsProperties sessions);

	/// Runs SQL beside the store.
	/// @return the rows' first column, as numbers
	protected abstract List<Long> sql(String sql);

	static Tuning tuning() {
		return tuned().chunkBytes(CHUNK_BYTES).build();
	}

	@BeforeEach
	final void openStore() {
		this.store = open(tuning(), new SessionsProperties(true, REMEMBERED_KEYS, Duration.ZERO));
	}

	@AfterEach
	final void closeStore() {
		this.store.close();
	}

	final ManagedStore store() {
		return this.store;
	}

	final void reopen(Tuning tuning, int rememberedKeys) {
		this.store.close();
		this.store = open(tuning, new SessionsProperties(true, rememberedKeys, Duration.ZERO));
	}

	@Test
	void createsAndDescribes() {
		Configuration configuration = flat(3, DType.F32, true,
				Fixtures.configuration(3, DType.F32, true).hyperparameters(), 41, Optional.of(Duration.ofSeconds(90)));
		NewSession session = new NewSession(id("a"), "", configuration, "first", List.of(new Initial.Constant(0.5)),
				Optional.of(List.of(new Initial.Constant(-0.0))), digest(7));
		Creation creation = this.store.create(session);
		assertThat(creation).returns(true, Creation::isNew);
		Session created = creation.session();
		assertThat(created.id()).isEqualTo(id("a"));
		assertThat(created.configuration()).isEqualTo(configuration);
		assertThat(created.version()).isEqualTo(new Version(41, "first"));
		assertThat(created.incarnationBegan()).isEqualTo(41);
		assertThat(created.starts()).containsExactly(
				new Start(Optional.of(new Initial.Constant(0.5)), Optional.of(new Initial.Constant(-0.0))));
		assertThat(created.initialTensors()).isEqualTo(digest(7));
		assertThat(created.createdAt()).isBetween(Instant.now().minusSeconds(5), Instant.now().plusSeconds(5))
			.isEqualTo(created.updatedAt());
		assertThat(created.expiresAt()).hasValue(created.createdAt().plusSeconds(90));
		assertThat(this.store.find(id("a"))).hasValue(created);
		assertThat(elementsOf(state(this.store, "a").G())).containsOnly(0.5).hasSize(3);
		assertThat(elementsOf(state(this.store, "a").parameter().orElseThrow())).containsOnly(-0.0).hasSize(3);
		assertThat(sql("SELECT count(*) FROM chunks")).as("constants take no room").containsExactly(0L);
	}

	/// Two vectors of several tensors, of other lengths: given in part, in part by rules,
	/// over the borders of chunks and
	/// beyond 2³¹ and 2³². What is read is always what a map of addresses says.
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void aModelIsTwoVectorsOfRanges(long seed) {
		Random random = new Random(seed);
		DType dtype = (seed % 2 == 0) ? DType.F32 : DType.F64;
		Hyperparameters all = Hyperparameters.defaults();
		long rows = 1L << 33;
		Layout layout = Layout.named(List.of(new TensorSpec("a", List.of(5L, 2L), false, false, all),
				new TensorSpec("m", List.of(29L), false, false, all), new TensorSpec("z", List.of(), false, false, all),
				new TensorSpec("t", List.of(rows, 3L), true, false, all)));
		Initial.Uniform rule = new Initial.Uniform(-1, 1, seed);
		Uniform uniform = new Uniform(rule, "t");
		Tensor given = counting(dtype, 29, 100);
		// by name: a, m, t, z; by address: a, m, z, t
		List<Initial> G = List.of(new Initial.Constant(1), new Initial.Given(blocks(given, 4)),
				new Initial.Constant(0.5), new Initial.Constant(7));
		List<Initial> parameter = List.of(new Initial.Constant(2), new Initial.Given(blocks(given, 5)), rule,
				new Initial.Constant(9));
		this.store.create(new NewSession(id("a"), "", new Configuration(layout, dtype, true, all, 0, Optional.empty()),
				"life-1", G, Optional.of(parameter), digest(1)));
		Map<Vector, TreeMap<Long, Double>> changed = Map.of(Vector.G, new TreeMap<>(), Vector.PARAMETER,
				new TreeMap<>());
		BiFunction<Vector, Long, Double> expected = (vector, address) -> {
			double start = (address < 10) ? ((vector == Vector.G) ? 1 : 2)
					: (address < 39) ? 100 + address - 10 : (address == 39) ? ((vector == Vector.G) ? 7 : 9)
							: (vector == Vector.G) ? 0.5 : dtype.round(uniform.at(address - 40));
			return changed.get(vector).getOrDefault(address, start);
		};
		for (int i = 0; i < 30; i++) {
			double amount = i + 1;
			Selection.Some some = new Selection.Some(ranges(random, 40 + rows), ranges(random, 40 + 3 * rows));
			for (Vector vector : Vector.values()) {
				for (long address : addresses(some.of(vector))) {
					double sign = (vector == Vector.G) ? 1 : -1;
					changed.get(vector).put(address, dtype.round(expected.apply(vector, address) + sign * amount));
				}
			}
			if (i % 7 == 6) {
				State state = new State(valuesAt(changed.get(Vector.G), some.G(), dtype),
						Optional.of(valuesAt(changed.get(Vector.PARAMETER), some.parameter(), dtype)));
				this.store.restore(id("a"), (session) -> {
				}, new Version(i, "life-" + i), new Restoration.Entries(some, state));
			}
			else {
				this.store.step(id("a"), key(i), adding(amount, some, digest(i)));
			}
			Selection.Some looked = new Selection.Some(ranges(random, 40 + rows), ranges(random, 40 + 3 * rows));
			this.store.read(id("a"), (session, stored) -> {
				State state = stored.elements(looked);
				for (Vector vector : Vector.values()) {
					assertThat(elementsOf(state.of(vector))).isEqualTo(Arrays.stream(addresses(looked.of(vector)))
						.mapToDouble((address) -> expected.apply(vector, address))
						.toArray());
					for (int tensor : new int[] { 0, 1, 3 }) {
						long from = layout.from(vector, tensor);
						assertThat(joined(stored.whole(vector, tensor)))
							.isEqualTo(LongStream.range(from, from + layout.size(vector, tensor))
								.mapToDouble((address) -> expected.apply(vector, address))
								.toArray());
					}
					Ranges kept = stored.kept(vector, 40, layout.size(vector), 10_000);
					assertThat(changed.get(vector).tailMap(40L).keySet())
						.allMatch((address) -> contains(kept, address));
					assertThat(stored.kept(vector, 40, layout.size(vector), 1).count())
						.isEqualTo(Math.min(1, kept.count()));
				}
				return "";
			});
		}
		assertThat(this.store.find(id("a")).orElseThrow().allocatedBytes()).isBetween(1L, 1L << 20);
	}

	/// What was given in a chunk, beside what a rule says, is missed though nobody asks
	/// for
	/// it: a step would write it anew.
	@Test
	void aChunkThatWasGivenInPartIsMissed() {
		Hyperparameters all = Hyperparameters.defaults();
		Layout layout = Layout.named(List.of(new TensorSpec("a", List.of(5L), false, false, all),
				new TensorSpec("b", List.of(5L), false, false, all)));
		this.store
			.create(new NewSession(id("a"), "", new Configuration(layout, DType.F64, false, all, 0, Optional.empty()),
					"life-1", List.of(new Initial.Given(blocks(counting(DType.F64, 5, 1), 5)), new Initial.Constant(0)),
					Optional.empty(), digest(1)));
		this.store.step(id("a"), NO_KEY, adding(1, at(6)));
		assertThat(G(this.store, "a")).containsExactly(1, 2, 3, 4, 5, 0, 1, 0, 0, 0);
		sql("DELETE FROM chunks WHERE chunk = 0");
		assertThatRefusal(Code.STORE_DAMAGED, () -> this.store.step(id("a"), NO_KEY, adding(1, at(6))))
			.withMessageContaining("chunk 0 of G is missing");
	}

	private static Ranges ranges(Random random, long size) {
		long[] places = { 0, 8, 15, 36, 1L << 31, 1L << 32, size - 20 };
		Ranges.Builder ranges = Ranges.builder(places.length);
		for (long place : places) {
			if (random.nextBoolean() || place == 0) {
				long begin = place + random.nextInt(4);
				ranges.add(begin, 1 + random.nextInt(3));
			}
		}
		return ranges.build();
	}

	private static boolean contains(Ranges ranges, long address) {
		return IntStream.range(0, ranges.count())
			.anyMatch(
					(range) -> ranges.begin(range) <= address && address < ranges.begin(range) + ranges.length(range));
	}

	private static Tensor valuesAt(Map<Long, Double> values, Ranges ranges, DType dtype) {
		return Fixtures.tensor(dtype,
				Arrays.stream(addresses(ranges))
					.mapToDouble((address) -> values.getOrDefault(address, Double.NaN))
					.toArray());
	}

	/// The addresses of ranges, one by one.
	private static long[] addresses(Ranges ranges) {
		return IntStream.range(0, ranges.count())
			.boxed()
			.flatMapToLong((range) -> LongStream.range(ranges.begin(range), ranges.begin(range) + ranges.length(range)))
			.toArray();
	}

	@Test
	void anExistingSessionIsLeftAsItIs() {
		Session created = this.store.create(plain("a", 3)).session();
		Creation again = this.store.create(constants("a", 99, DType.F32, 1, 2));
		assertThat(again).isEqualTo(new Creation(created, false));
		assertThat(G(this.store, "a")).containsExactly(0, 0, 0);
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "7, 3", "8, 8", "9, 9", "16, 5", "17, 100", "100, 1", "64, 8", "65, 64" })
	void keepsWhatItIsGiven(int size, int block) {
		for (DType dtype : DType.values()) {
			Tensor accumulator = counting(dtype, size, 1.5);
			Tensor parameter = counting(dtype, size, -7.25);
			this.store.create(given(dtype.name(), accumulator, parameter, block));
			assertThat(G(this.store, dtype.name())).isEqualTo(elementsOf(accumulator));
			assertThat(parameter(this.store, dtype.name())).isEqualTo(elementsOf(parameter));
			this.store.read(id(dtype.name()), (session, stored) -> {
				assertThat(joined(stored.whole(Vector.G, 0))).isEqualTo(elementsOf(accumulator));
				assertThat(joined(stored.whole(Vector.G, 0))).as("twice").isEqualTo(elementsOf(accumulator));
				assertThat(joined(stored.whole(Vector.PARAMETER, 0))).isEqualTo(elementsOf(parameter));
				return "";
			});
		}
	}

	private static double[] joined(Blocks<Tensor> blocks) {
		double[] joined = new double[blocks.size()];
		int at = 0;
		for (Tensor block : blocks) {
			for (int i = 0; i < block.size(); i++) {
				joined[at++] = block.valueAt(i);
			}
		}
		assertThat(at).isEqualTo(joined.length);
		return joined;
	}

	@ParameterizedTest
	@EnumSource
	void keepsEveryBit(DType dtype) {
		double[] delicate = switch (dtype) {
			case F64 -> new double[] { -0.0, 0.0, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MAX_VALUE,
					Math.nextDown(Double.MIN_NORMAL), Math.PI, 1 / 3.0, -1e-310 };
			case F32 -> new double[] { -0.0, 0.0, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE,
					Math.nextDown(Float.MIN_NORMAL), (float) Math.PI, 1 / 3F, -1e-40F };
		};
		Tensor tensor = tensor(dtype, delicate);
		this.store.create(given("a", tensor, tensor, 2));
		this.store.step(id("a"), NO_KEY, addingToAll(0));
		this.store.step(id("a"), NO_KEY, (session, remembered) -> new Transition.Plan.Write<>(ALL, Optional.empty(),
				(state) -> new Transition.Written<>(new State(tensor, Optional.of(tensor)), "")));
		assertThat(bits(G(this.store, "a"))).isEqualTo(bits(delicate));
		assertThat(bits(parameter(this.store, "a"))).isEqualTo(bits(delicate));
		long[] every = LongStream.range(0, delicate.length).toArray();
		this.store.step(id("a"), NO_KEY, (session, remembered) -> new Transition.Plan.Write<>(at(every),
				Optional.empty(), (state) -> new Transition.Written<>(state, "")));
		assertThat(bits(G(this.store, "a"))).isEqualTo(bits(delicate));
	}

	private static long[] bits(double[] values) {
		return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
	}

	@Test
	void listsByTheBytesOfTheIds() {
		List<String> sorted = List.of("0", "9", "A", "A-", "A.", "A0", "AA", "A_", "Aa", "B", "Z", "a", "a-b", "a.b",
				"aB", "a_b", "ab", "b");
		List<String> shuffled = new ArrayList<>(sorted);
		java.util.Collections.shuffle(shuffled, new java.util.Random(3));
		shuffled.forEach((id) -> this.store.create(plain(id, 1)));
		assertThat(ids(this.store.list(Tenant.DEFAULT, Optional.empty(), 1000))).isEqualTo(sorted);
		List<String> paged = new ArrayList<>();
		for (List<String> page = ids(this.store.list(Tenant.DEFAULT, Optional.empty(), 5)); !page
			.isEmpty(); page = ids(this.store.list(Tenant.DEFAULT, Optional.of(id(paged.getLast())), 5))) {
			paged.addAll(page);
		}
		assertThat(paged).isEqualTo(sorted);
		assertThat(ids(this.store.list(Tenant.DEFAULT, Optional.of(id("Ab")), 2))).as("after an id that there is not")
			.containsExactly("B", "Z");
		assertThat(this.store.count()).isEqualTo(sorted.size());
	}

	@Test
	void oneIdIsASessionOfEachTenant() {
		Tenant other = new Tenant("a");
		OptimizerId theirs = new OptimizerId(other, "x");
		NewSession first = constants("x", 20, DType.F64, 1, 2);
		NewSession second = plain("x", 3);
		this.store.create(first);
		assertThat(this.store.find(theirs)).isEmpty();
		assertThat(this.store.create(new NewSession(theirs, "", second.configuration(), "life-2", second.G(),
				second.parameter(), second.initialTensors())))
			.returns(true, Creation::isNew);
		this.store.step(theirs, key(1), adding(5, ALL, digest(1)));
		this.store.step(theirs, key(2), adding(5, ALL, digest(2)));
		assertThat(step(this.store, "x")).isZero();
		assertThat(remembered("x", 1)).as("a key of another tenant's step").isEmpty();
		assertThat(G(this.store, "x")).containsOnly(1).hasSize(20);
		this.store.step(id("x"), NO_KEY, addingToAll(1));
		assertThat(this.store.find(theirs)).get()
			.satisfies((session) -> assertThat(session.version()).isEqualTo(new Version(2, "life-2")))
			.satisfies((session) -> assertThat(session.configuration().size()).isEqualTo(3));
		assertThat(this.store.list(other, Optional.empty(), 9)).extracting(Session::id).containsExactly(theirs);
		assertThat(this.store.list(Tenant.DEFAULT, Optional.empty(), 9)).extracting(Session::id)
			.containsExactly(id("x"));
		assertThat(this.store.count()).isEqualTo(2);
		this.store.restore(theirs, (session) -> {
		}, new Version(7, "life-3"), whole(blocks(counting(DType.F64, 3, 1), 3), Optional.empty()));
		assertThat(step(this.store, "x")).isEqualTo(1);
		assertThat(G(this.store, "x")).containsOnly(2);
		this.store.delete(theirs, Optional.empty());
		assertThat(this.store.find(theirs)).isEmpty();
		assertThat(this.store.count()).isEqualTo(1);
		assertThat(G(this.store, "x")).containsOnly(2);
		assertThat(parameter(this.store, "x")).containsOnly(1);
	}

	private static List<String> ids(List<Session> sessions) {
		return sessions.stream().map((session) -> session.id().value()).toList();
	}

	/// 2⁴⁰ elements, of which those that were stepped alone take room; on both sides of
	/// what 31 and 32 bits hold, and of the
	/// borders of chunks.
	@ParameterizedTest
	@EnumSource
	void aSessionMayBeLargerThanAnyMachine(DType dtype) {
		long size = 1L << 40;
		this.store.create(constants("a", size, dtype, 1, 2));
		long[] addresses = { 0, (1L << 31) - 1, 1L << 31, (1L << 31) + 1, (1L << 32) - 1, 1L << 32, size - 2,
				size - 1 };
		for (int step = 1; step <= 3; step++) {
			this.store.step(id("a"), key(step), adding(step, at(addresses), digest(step)));
			double added = step * (step + 1) / 2.0;
			State some = this.store.read(id("a"),
					(session, stored) -> stored.elements(at(0, 1, (1L << 31) - 1, 1L << 31, (1L << 33) + 5, size - 1)));
			assertThat(elementsOf(some.G())).containsExactly(1 + added, 1, 1 + added, 1 + added, 1, 1 + added);
			assertThat(elementsOf(some.parameter().orElseThrow())).containsExactly(2 - added, 2, 2 - added, 2 - added,
					2, 2 - added);
		}
		assertThat(this.store.find(id("a")).orElseThrow().configuration().size()).isEqualTo(size);
		assertThat(sql("SELECT count(*) FROM chunks").getFirst()).isLessThanOrEqualTo(2L * addresses.length);
		this.store.step(id("a"), key(9), adding(1, at(1L << 39), digest(9)));
		assertThat(this.store.find(id("a")).orElseThrow().version().step()).isEqualTo(4);
		this.store.delete(id("a"), Optional.empty());
		assertThat(this.store.find(id("a"))).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void stepsDenseAndByElements(DType dtype) {
		int size = 40;
		double[] accumulator = new double[size];
		double[] parameter = new double[size];
		Arrays.fill(accumulator, 1);
		Arrays.fill(parameter, 2);
		this.store.create(constants("a", size, dtype, 1, 2));
		List<Selection> selections = List.of(at(7), at(0, 7, 8, 15, 16, 39), ALL, at(15, 16, 17, 31, 32), ALL, at(39),
				at(LongStream.range(0, size).toArray()));
		for (int i = 0; i < selections.size(); i++) {
			double amount = i + 1;
			long[] indices = switch (selections.get(i)) {
				case Selection.All all -> LongStream.range(0, size).toArray();
				case Selection.Some some -> addresses(some.G());
			};
			for (long index : indices) {
				accumulator[(int) index] += amount;
				parameter[(int) index] -= amount;
			}
			Version after = this.store.step(id("a"), NO_KEY, adding(amount, selections.get(i)));
			assertThat(after).isEqualTo(new Version(i + 1, "life-1"));
			assertThat(this.store.find(id("a")).orElseThrow().version()).isEqualTo(after);
			assertThat(G(this.store, "a")).isEqualTo(accumulator);
			assertThat(parameter(this.store, "a")).isEqualTo(parameter);
			if (i == 0) {
				assertThat(sql("SELECT count(*) FROM chunks")).as("only the chunk touched comes into being")
					.containsExactly(2L);
			}
		}
		State some = this.store.read(id("a"), (session, stored) -> stored.elements(at(0, 8, 39)));
		assertThat(elementsOf(some.G())).containsExactly(accumulator[0], accumulator[8], accumulator[39]);
		assertThat(elementsOf(some.parameter().orElseThrow())).containsExactly(parameter[0], parameter[8],
				parameter[39]);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 13, 1003, 140_003 })
	void anyElementsOfChunksOfAnyLength(int size) {
		Random random = new Random(size);
		double[] accumulator = new double[size];
		double[] parameter = new double[size];
		Arrays.fill(accumulator, 3);
		Arrays.fill(parameter, 5);
		this.store.create(constants("a", size, DType.F64, 3, 5));
		for (int i = 1; i <= 12; i++) {
			// the last is always there, in a chunk that is shorter than the others; every
			// third time there are more chunks than go at once, 16,384 here, and the
			// first
			// element of each
			IntStream some = (i % 3 == 0) ? IntStream.range(0, size).filter((index) -> index % 4 == 0)
					: random.ints(random.nextInt(60), 0, size);
			int[] indices = IntStream.concat(some, IntStream.of(size - 1)).sorted().distinct().toArray();
			for (int index : indices) {
				accumulator[index] += i;
				parameter[index] -= i;
			}
			this.store.step(id("a"), key(i), adding(i, at(Arrays.stream(indices).asLongStream().toArray()), digest(i)));
			assertThat(G(this.store, "a")).isEqualTo(accumulator);
			assertThat(parameter(this.store, "a")).isEqualTo(parameter);
		}
	}

	@Test
	void aPlanMayReadOnly() {
		this.store.create(given("a", counting(DType.F64, 20, 0), counting(DType.F64, 20, 100), 20));
		Session before = this.store.find(id("a")).orElseThrow();
		double[] read = this.store.step(id("a"), key(1),
				(session, remembered) -> new Transition.Plan.Read<>(at(3, 9), (state) -> {
					assertThat(elementsOf(state.parameter().orElseThrow())).containsExactly(103, 109);
					return elementsOf(state.G());
				}));
		assertThat(read).containsExactly(3, 9);
		assertThat(this.store.<String>step(id("a"), key(1), (session, remembered) -> {
			assertThat(session).isEqualTo(before);
			assertThat(remembered).as("nothing was written").isEmpty();
			return new Transition.Plan.Answer<>("answer");
		})).isEqualTo("answer");
		assertThat(this.store.find(id("a"))).hasValue(before);
	}

	@Test
	void remembersKeys() {
		this.store.create(plain("a", 2));
		this.store.create(plain("b", 2));
		assertThat(this.store.step(id("a"), key(1), adding(1, ALL, digest(11)))).isEqualTo(new Version(1, "life-1"));
		this.store.step(id("a"), key(2), adding(1, ALL, digest(12)));
		assertThat(this.store.step(id("a"), key(1), adding(1, ALL, digest(11))))
			.isEqualTo(new Version(1, "remembered"));
		assertThat(remembered("a", 2)).hasValue(new Transition.AppliedStep(2, digest(12)));
		assertThat(remembered("b", 2)).as("of another session").isEmpty();
		assertThat(G(this.store, "a")).containsExactly(2, 2);
		assertThat(step(this.store, "a")).isEqualTo(2);
	}

	private Optional<Transition.AppliedStep> remembered(String id, long key) {
		return this.store.step(id(id), key(key), (session, remembered) -> new Transition.Plan.Answer<>(remembered));
	}

	private List<Long> rememberedOf(int first, int last) {
		return IntStream.rangeClosed(first, last)
			.filter((key) -> remembered("a", key).isPresent())
			.asLongStream()
			.boxed()
			.toList();
	}

	@Test
	void forgetsTheOldestKeysBeyondTheSetting() {
		this.store.create(plain("a", 1));
		for (int i = 1; i <= 10; i++) {
			this.store.step(id("a"), key(i), adding(1, ALL, digest(i)));
			for (int j = 0; j < 5; j++) {
				this.store.step(id("a"), NO_KEY, addingToAll(1));
			}
		}
		assertThat(rememberedOf(1, 10)).as("steps without a key push none out").containsExactly(8L, 9L, 10L);
		reopen(tuning(), 1000);
		for (int i = 11; i <= 20; i++) {
			this.store.step(id("a"), key(i), adding(1, ALL, digest(i)));
		}
		assertThat(rememberedOf(1, 20)).hasSize(13);
		reopen(tuning(), 2);
		this.store.step(id("a"), key(21), adding(1, ALL, digest(21)));
		assertThat(rememberedOf(1, 21)).as("two per step").hasSize(12);
		for (int i = 22; i <= 40; i++) {
			this.store.step(id("a"), key(i), adding(1, ALL, digest(i)));
		}
		assertThat(rememberedOf(1, 40)).containsExactly(39L, 40L);
	}

	@Test
	void restores() {
		reopen(tuning(), 1000);
		this.store.create(constants("a", 20, DType.F64, 1, 2));
		for (int i = 1; i <= 5; i++) {
			this.store.step(id("a"), key(i), adding(1, ALL, digest(i)));
		}
		Session restored = this.store.restore(id("a"), (session) -> assertThat(session.version().step()).isEqualTo(5),
				new Version(3, "life-2"),
				whole(blocks(counting(DType.F64, 20, 5), 7), Optional.of(blocks(counting(DType.F64, 20, 50), 20))));
		assertThat(restored.version()).isEqualTo(new Version(3, "life-2"));
		assertThat(restored.incarnationBegan()).isEqualTo(3);
		assertThat(this.store.find(id("a"))).hasValue(restored);
		assertThat(G(this.store, "a")).isEqualTo(elementsOf(counting(DType.F64, 20, 5)));
		assertThat(parameter(this.store, "a")).isEqualTo(elementsOf(counting(DType.F64, 20, 50)));
		assertThat(rememberedOf(1, 5)).containsExactly(1L, 2L, 3L);
		assertThat(this.store.step(id("a"), key(4), adding(1, ALL, digest(4)))).isEqualTo(new Version(4, "life-2"));
		assertThat(rememberedOf(1, 5)).containsExactly(1L, 2L, 3L, 4L);
		this.store.restore(id("a"), (session) -> {
		}, new Version(0, "life-3"),
				whole(blocks(counting(DType.F64, 20, 5), 7), Optional.of(blocks(counting(DType.F64, 20, 50), 20))));
		assertThat(rememberedOf(1, 5)).isEmpty();
	}

	@Test
	void aRestoreThatFailsHalfWayChangesNothing() {
		this.store.create(constants("a", 100, DType.F64, 1, 2));
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		Session before = this.store.find(id("a")).orElseThrow();
		UncheckedIOException failure = new UncheckedIOException(new IOException("the medium failed"));
		Tensor other = counting(DType.F64, 100, 77);
		assertThatThrownBy(() -> this.store.restore(id("a"), (session) -> {
		}, new Version(9, "life-2"), whole(failing(other, 30, failure), Optional.of(blocks(other, 30)))))
			.isSameAs(failure);
		assertThatThrownBy(() -> this.store.restore(id("a"), (session) -> {
		}, new Version(9, "life-2"), whole(blocks(other, 30), Optional.of(failing(other, 30, failure)))))
			.isSameAs(failure);
		assertThatThrownBy(() -> this.store.restore(id("a"), (session) -> {
			throw failure;
		}, new Version(9, "life-2"), whole(blocks(other, 30), Optional.of(blocks(other, 30))))).isSameAs(failure);
		assertThat(this.store.find(id("a"))).hasValue(before);
		assertThat(G(this.store, "a")).containsOnly(2);
		assertThat(parameter(this.store, "a")).containsOnly(1);
		assertThat(remembered("a", 1)).isPresent();
	}

	@Test
	void aCreationThatFailsHalfWayCreatesNothing() {
		UncheckedIOException failure = new UncheckedIOException(new IOException("the medium failed"));
		NewSession session = Fixtures.session("a", Fixtures.configuration(100, DType.F64, false),
				new Initial.Given(failing(counting(DType.F64, 100, 0), 30, failure)), Optional.empty(), digest(1));
		assertThatThrownBy(() -> this.store.create(session)).isSameAs(failure);
		assertThat(this.store.find(id("a"))).isEmpty();
		assertThat(this.store.count()).isZero();
		assertThat(sql("SELECT count(*) FROM chunks")).containsExactly(0L);
		assertThat(this.store.create(plain("a", 3))).returns(true, Creation::isNew);
	}

	@Test
	void whatIsDeletedIsGoneAndItsIdFree() {
		this.store.create(given("a", counting(DType.F64, 20, 1), counting(DType.F64, 20, 1), 20));
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		RuntimeException refusal = new IllegalArgumentException("not this one");
		assertThatThrownBy(() -> this.store.delete(id("a"), Optional.of((session) -> {
			assertThat(session.version().step()).isEqualTo(1);
			throw refusal;
		}))).isSameAs(refusal);
		assertThat(step(this.store, "a")).isEqualTo(1);
		this.store.delete(id("a"), Optional.empty());
		assertNotFound("a");
		assertThat(this.store.create(constants("a", 20, DType.F64, 0, 0))).returns(true, Creation::isNew);
		assertThat(remembered("a", 1)).isEmpty();
		assertThat(G(this.store, "a")).containsOnly(0);
		assertThat(parameter(this.store, "a")).containsOnly(0);
	}

	private void assertNotFound(String id) {
		assertThat(this.store.find(id(id))).isEmpty();
		assertThat(this.store.list(Tenant.DEFAULT, Optional.empty(), 10)).isEmpty();
		assertThat(this.store.count()).isZero();
		List<Runnable> calls = List.of(() -> state(this.store, id),
				() -> this.store.step(id(id), NO_KEY, addingToAll(1)),
				() -> this.store.delete(id(id), Optional.empty()), () -> this.store.restore(id(id), (session) -> {
				}, new Version(1, "x"), whole(blocks(counting(DType.F64, 1, 1), 1), Optional.empty())));
		for (Runnable call : calls) {
			assertThatRefusal(Code.SESSION_NOT_FOUND, call::run).withMessageContaining(id);
		}
	}

	@Test
	void whatHasExpiredIsGoneAndItsIdFree() {
		this.store.create(expiring("a", 20, Duration.ofHours(1)));
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		expire("a");
		assertNotFound("a");
		assertThat(this.store.create(expiring("a", 20, Duration.ofHours(1)))).returns(true, Creation::isNew);
		assertThat(G(this.store, "a")).containsOnly(0);
		assertThat(remembered("a", 1)).isEmpty();
	}

	private void expire(String id) {
		sql("UPDATE sessions SET expires_at = updated_at - 1 WHERE id = '" + id + "'");
	}

	private void reopenKeepingExpired(Duration keepExpired) {
		this.store.close();
		this.store = open(tuned(tuning()).sweepInterval(Duration.ofMillis(1)).build(),
				new SessionsProperties(true, REMEMBERED_KEYS, keepExpired));
	}

	/// To a database whose clock goes forward all times in it become older.
	private void clockGoesForward(Duration jump) {
		sql("UPDATE sessions SET created_at = created_at - %1$d, updated_at = updated_at - %1$d, expires_at = expires_at - %1$d"
			.formatted(jump.toMillis()));
	}

	@Test
	void aClockThatJumpsAheadAndBackHidesSessionsButRemovesNone() {
		reopenKeepingExpired(Duration.ofHours(24));
		this.store.create(expiring("a", 3, Duration.ofDays(365)));
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		clockGoesForward(Duration.ofDays(400));
		assertNotFound("a");
		await(() -> sql("SELECT expired_since FROM sessions WHERE expired_since IS NOT NULL").size() == 1);
		assertThat(this.store.expired(10)).extracting(ManagedStore.Expired::id).containsExactly("a");
		clockGoesForward(Duration.ofDays(-400));
		assertThat(G(this.store, "a")).containsOnly(1);
		assertThat(remembered("a", 1)).isPresent();
		assertThat(this.store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(2);
		assertThat(sql("SELECT count(*) FROM sessions WHERE expired_since IS NOT NULL")).containsExactly(0L);
		assertThat(this.store.expired(10)).isEmpty();
	}

	@Test
	void whatHasExpiredIsRemovedWhenItsTimeOfGraceIsOver() {
		reopenKeepingExpired(Duration.ofMillis(100));
		this.store.create(expiring("a", 20, Duration.ofHours(1)));
		this.store.create(expiring("b", 20, Duration.ofHours(1)));
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		expire("a");
		await(() -> sql("SELECT session_key FROM sessions").size() == 1 && sql("SELECT chunk FROM chunks").isEmpty()
				&& sql("SELECT applied_step FROM step_keys").isEmpty());
		assertThat(sql("SELECT observed FROM store_clock").getFirst()).isGreaterThanOrEqualTo(100);
		assertThat(this.store.find(id("b"))).isPresent();
		assertThat(this.store.revive(id("a"))).isEmpty();
	}

	@Test
	void anExpiredSessionCanBeBroughtBack() {
		reopenKeepingExpired(Duration.ofHours(24));
		this.store.create(expiring("a", 20, Duration.ofHours(1)));
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		assertThat(this.store.revive(id("a"))).as("one that has not expired").isEmpty();
		expire("a");
		assertNotFound("a");
		Session revived = this.store.revive(id("a")).orElseThrow();
		assertThat(revived.expiresAt().orElseThrow()).isBetween(Instant.now().plusSeconds(3590),
				Instant.now().plusSeconds(3610));
		assertThat(revived.version().step()).isEqualTo(1);
		assertThat(G(this.store, "a")).containsOnly(1);
		assertThat(remembered("a", 1)).isPresent();
	}

	/// As of another session, with its own checksum; elsewhere; gone; and rows that were
	/// changed.
	@ParameterizedTest
	@ValueSource(strings = {
			"WITH other AS MATERIALIZED (SELECT data FROM chunks WHERE tensor = 0 AND chunk = 1 AND session_key = :a)"
					+ " UPDATE chunks SET data = (SELECT data FROM other) WHERE tensor = 0 AND chunk = 1 AND session_key = :b",
			"WITH other AS MATERIALIZED (SELECT data, checksum FROM chunks"
					+ " WHERE tensor = 1 AND chunk = 0 AND session_key = :a)"
					+ " UPDATE chunks SET data = (SELECT data FROM other), checksum = (SELECT checksum FROM other)"
					+ " WHERE tensor = 1 AND chunk = 0 AND session_key = :b",
			"UPDATE chunks SET chunk = 7 WHERE tensor = 0 AND chunk = 1 AND session_key = :b",
			"DELETE FROM chunks WHERE tensor = 0 AND chunk = 1 AND session_key = :b",
			"UPDATE chunks SET checksum = checksum - 1 WHERE tensor = 0 AND chunk = 1 AND session_key = :b",
			"UPDATE sessions SET step = step - 1 WHERE session_key = :b",
			"UPDATE sessions SET keys_written = 0 WHERE session_key = :b",
			"UPDATE sessions SET incarnation_began = 1 WHERE session_key = :b",
			"UPDATE sessions SET incarnation = 'another' WHERE session_key = :b",
			"UPDATE sessions SET chunk_elements = 4 WHERE session_key = :b",
			"UPDATE sessions SET stored_chunks = 5 WHERE session_key = :b",
			"UPDATE sessions SET configuration = replace(configuration, '0.01', '0.02') WHERE session_key = :b",
			"UPDATE sessions SET configuration = '{' WHERE session_key = :b" })
	void whatIsDamagedIsNotServedAndCanBeDeleted(String damage) {
		for (String id : List.of("a", "b", "c")) {
			// given, and other in each
			double first = id.charAt(0);
			this.store.create(given(id, counting(DType.F64, 20, first), counting(DType.F64, 20, first), 20));
			this.store.step(id(id), key(1), adding(1, ALL, digest(1)));
		}
		// forgets what it keeps in memory
		reopen(tuning(), REMEMBERED_KEYS);
		sql("DELETE FROM chunks WHERE session_key = " + sessionKey("c"));
		this.store.delete(id("c"), Optional.empty());
		sql(damage.replace(":a", sessionKey("a")).replace(":b", sessionKey("b")));
		for (Runnable call : List.<Runnable>of(() -> state(this.store, "b"),
				() -> this.store.step(id("b"), NO_KEY, addingToAll(1)),
				() -> this.store.step(id("b"), NO_KEY, adding(1, at(1, 9, 10))))) {
			assertThatRefusal(Code.STORE_DAMAGED, call::run).withMessageContaining("session b");
		}
		assertThat(G(this.store, "a")).isEqualTo(elementsOf(counting(DType.F64, 20, 'a' + 1)));
		assertThat(this.store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(2);
		assertThat(this.store.list(Tenant.DEFAULT, Optional.empty(), 1)).extracting(Session::id)
			.containsExactly(id("a"));
		this.store.delete(id("b"), Optional.empty());
		assertThat(this.store.find(id("b"))).isEmpty();
		assertThat(this.store.create(plain("b", 2))).returns(true, Creation::isNew);
	}

	private String sessionKey(String id) {
		return sql("SELECT session_key FROM sessions WHERE id = '" + id + "'").getFirst().toString();
	}

	/// Each is whole by itself, but stands in another's place.
	@Test
	void aChunkIsNotTakenForAnother() {
		this.store.create(given("a", counting(DType.F64, 20, 1), counting(DType.F64, 20, 100), 20));
		this.store.create(given("b", counting(DType.F64, 20, 1000), counting(DType.F64, 20, 1000), 20));
		String from = "WITH other AS MATERIALIZED (SELECT data, checksum FROM chunks"
				+ " WHERE session_key = %s AND tensor = %d AND chunk = %d)"
				+ " UPDATE chunks SET data = (SELECT data FROM other), checksum = (SELECT checksum FROM other)"
				+ " WHERE session_key = %s AND tensor = 0 AND chunk = 0";
		String a = sessionKey("a");
		String b = sessionKey("b");
		for (String damage : List.of(from.formatted(a, 0, 1, a), from.formatted(a, 1, 0, a),
				from.formatted(b, 0, 0, a))) {
			sql(damage);
			assertThatRefusal(Code.STORE_DAMAGED, () -> state(this.store, "a"))
				.withMessageContaining("chunk 0 of G has another checksum");
			this.store.restore(id("a"), (session) -> {
			}, new Version(3, "life-2"), whole(blocks(counting(DType.F64, 20, 1), 20),
					Optional.of(blocks(counting(DType.F64, 20, 100), 20))));
			assertThat(G(this.store, "a")).isEqualTo(elementsOf(counting(DType.F64, 20, 1)));
		}
	}

	/// A page is full although some are left out.
	@Test
	void theListGoesOnBehindWhatIsDamaged() {
		for (String id : List.of("a", "b", "c", "d", "e")) {
			this.store.create(plain(id, 2));
		}
		sql("UPDATE sessions SET checksum = checksum + 1 WHERE id IN ('a', 'b', 'd')");
		assertThat(this.store.list(Tenant.DEFAULT, Optional.empty(), 1)).extracting(Session::id)
			.containsExactly(id("c"));
		assertThat(this.store.list(Tenant.DEFAULT, Optional.empty(), 2)).extracting(Session::id)
			.containsExactly(id("c"), id("e"));
		assertThat(this.store.list(Tenant.DEFAULT, Optional.of(id("c")), 1)).extracting(Session::id)
			.containsExactly(id("e"));
		assertThat(this.store.list(Tenant.DEFAULT, Optional.empty(), 9)).extracting(Session::id)
			.containsExactly(id("c"), id("e"));
	}

	/// Not even where what it began with is known.
	@Test
	void aChunkThatIsGoneIsMissed() {
		this.store.create(constants("whole", 20, DType.F64, 1, 2));
		this.store.create(constants("part", 20, DType.F64, 1, 2));
		this.store.step(id("whole"), NO_KEY, addingToAll(1));
		this.store.step(id("part"), NO_KEY, adding(1, at(3, 9)));
		reopen(tuning(), REMEMBERED_KEYS);
		sql("DELETE FROM chunks WHERE tensor = 0 AND chunk = 1");
		assertThatRefusal(Code.STORE_DAMAGED, () -> state(this.store, "whole"))
			.withMessageContaining("chunk 1 of G is missing");
		assertThatRefusal(Code.STORE_DAMAGED, () -> this.store.step(id("whole"), NO_KEY, adding(1, at(3, 9))));
		assertThatRefusal(Code.STORE_DAMAGED, () -> this.store.step(id("part"), NO_KEY, addingToAll(1)))
			.withMessageContaining("it has 3 chunks, not 4");
	}

	@Test
	void aRestoreMendsDamagedTensors() {
		this.store.create(given("a", counting(DType.F64, 20, 1), counting(DType.F64, 20, 1), 20));
		sql("UPDATE chunks SET checksum = 0");
		sql("DELETE FROM chunks WHERE chunk = 1");
		assertThatRefusal(Code.STORE_DAMAGED, () -> state(this.store, "a"));
		this.store.restore(id("a"), (session) -> {
		}, new Version(3, "life-2"),
				whole(blocks(counting(DType.F64, 20, 5), 20), Optional.of(blocks(counting(DType.F64, 20, 6), 20))));
		assertThat(G(this.store, "a")).isEqualTo(elementsOf(counting(DType.F64, 20, 5)));
		assertThat(parameter(this.store, "a")).isEqualTo(elementsOf(counting(DType.F64, 20, 6)));
	}

	@Test
	void stepsAndRestoresPushTheExpiryOnAndReadsDoNot() {
		this.store.create(expiring("a", 2, Duration.ofHours(1)));
		List<Runnable> pushing = List.of(() -> this.store.step(id("a"), key(1), adding(1, ALL, digest(1))),
				() -> this.store.restore(id("a"), (session) -> {
				}, new Version(1, "life-2"), whole(blocks(counting(DType.F64, 2, 1), 1), Optional.empty())));
		for (Runnable call : pushing) {
			sql("UPDATE sessions SET updated_at = updated_at - 600000, expires_at = expires_at - 600000");
			Session before = this.store.find(id("a")).orElseThrow();
			call.run();
			Session after = this.store.find(id("a")).orElseThrow();
			assertThat(after.updatedAt()).isAfter(before.updatedAt().plusSeconds(500));
			assertThat(after.expiresAt()).hasValue(after.updatedAt().plusSeconds(3600));
			assertThat(after.createdAt()).isEqualTo(before.createdAt());
		}
		sql("UPDATE sessions SET updated_at = updated_at - 600000, expires_at = expires_at - 600000");
		Session before = this.store.find(id("a")).orElseThrow();
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		state(this.store, "a");
		assertThat(this.store.find(id("a"))).hasValue(before);
	}

	@Test
	void theSweeperClearsAway() {
		reopen(tuned(tuning()).sweepInterval(Duration.ofMillis(10)).build(), 100_000);
		this.store.create(given("a", counting(DType.F64, 5000, 1), counting(DType.F64, 5000, 1), 5000));
		for (int i = 0; i < 1100; i++) {
			this.store.step(id("a"), key(i), adding(1, at(1), digest(i)));
		}
		this.store.create(expiring("b", 20, Duration.ofHours(1)));
		this.store.step(id("b"), key(1), adding(1, ALL, digest(1)));
		this.store.create(constants("kept", 20, DType.F64, 1, 2));
		this.store.step(id("kept"), key(1), adding(1, ALL, digest(1)));
		long kept = sql("SELECT session_key FROM sessions WHERE id = 'kept'").getFirst();
		this.store.delete(id("a"), Optional.empty());
		expire("b");
		await(() -> sql("SELECT count(*) FROM sessions").getFirst() == 1
				&& sql("SELECT count(*) FROM garbage").getFirst() == 0);
		assertThat(sql("SELECT DISTINCT session_key FROM chunks")).containsExactly(kept);
		assertThat(sql("SELECT DISTINCT session_key FROM step_keys")).containsExactly(kept);
		assertThat(G(this.store, "kept")).containsOnly(2);
	}

	@Test
	void aKeyNeverComesAgain() {
		this.store.create(plain("a", 1));
		long first = sql("SELECT session_key FROM sessions").getFirst();
		this.store.delete(id("a"), Optional.empty());
		this.store.create(plain("a", 1));
		assertThat(sql("SELECT session_key FROM sessions").getFirst()).isGreaterThan(first);
	}

	@Test
	void refusalsReachTheCallerAndChangeNothing() {
		this.store.create(constants("a", 20, DType.F64, 1, 2));
		this.store.step(id("a"), NO_KEY, addingToAll(1));
		Session before = this.store.find(id("a")).orElseThrow();
		RuntimeException refusal = new IllegalArgumentException("refused");
		Error error = new StackOverflowError("in the step");
		List<Transition<String>> transitions = List.of((session, remembered) -> {
			throw refusal;
		}, (session, remembered) -> new Transition.Plan.Write<>(ALL, Optional.of(digest(1)), (state) -> {
			throw refusal;
		}), (session, remembered) -> new Transition.Plan.Read<>(ALL, (state) -> {
			throw refusal;
		}));
		for (Transition<String> transition : transitions) {
			assertThatThrownBy(() -> this.store.step(id("a"), key(1), transition)).isSameAs(refusal);
		}
		assertThatThrownBy(() -> this.store.step(id("a"), NO_KEY, (session, remembered) -> {
			throw error;
		})).isSameAs(error);
		assertThatThrownBy(() -> this.store.read(id("a"), (session, stored) -> {
			throw refusal;
		})).isSameAs(refusal);
		assertThat(this.store.find(id("a"))).hasValue(before);
		assertThat(remembered("a", 1)).isEmpty();
		assertThat(G(this.store, "a")).containsOnly(2);
	}

	@Test
	void whatDoesNotFitTheSessionIsNotWritten() {
		this.store.create(constants("a", 3, DType.F64, 1, 2));
		Tensor good = counting(DType.F64, 3, 0);
		List<State> wrong = List.of(new State(counting(DType.F64, 2, 0), Optional.of(counting(DType.F64, 2, 0))),
				new State(good, Optional.empty()),
				new State(counting(DType.F32, 3, 0), Optional.of(counting(DType.F32, 3, 0))),
				new State(good, Optional.of(counting(DType.F32, 3, 0))));
		for (State state : wrong) {
			assertThatIllegalStateException().isThrownBy(
					() -> this.store.step(id("a"), NO_KEY, (session, remembered) -> new Transition.Plan.Write<>(ALL,
							Optional.empty(), (before) -> new Transition.Written<>(state, ""))));
		}
		assertThatIllegalStateException().isThrownBy(() -> this.store.step(id("a"), key(1), adding(1, ALL)));
		assertThatIllegalStateException().isThrownBy(() -> this.store.restore(id("a"), (session) -> {
		}, new Version(9, "x"), whole(blocks(counting(DType.F64, 4, 0), 4), Optional.of(blocks(good, 3)))));
		assertThatIllegalStateException().isThrownBy(() -> this.store.restore(id("a"), (session) -> {
		}, new Version(9, "x"), whole(blocks(counting(DType.F32, 3, 0), 3), Optional.of(blocks(good, 3)))));
		assertThatIllegalStateException().isThrownBy(() -> this.store.restore(id("a"), (session) -> {
		}, new Version(9, "x"), whole(blocks(good, 3), Optional.empty())));
		assertThat(step(this.store, "a")).isZero();
		assertThat(G(this.store, "a")).containsOnly(1);
	}

	@Test
	void stepsOnOneSessionComeOneAfterTheOther() throws Exception {
		this.store.create(constants("a", 20, DType.F64, 0, 0));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<List<Long>>> futures = IntStream.range(0, 8).mapToObj((thread) -> threads.submit(() -> {
				List<Long> steps = new ArrayList<>();
				for (int i = 0; i < 100; i++) {
					steps.add(this.store.step(id("a"), key(thread * 1000 + i), adding(1, ALL, digest(i))).step());
				}
				return steps;
			})).toList();
			List<Long> all = new ArrayList<>();
			for (Future<List<Long>> future : futures) {
				all.addAll(future.get(60, TimeUnit.SECONDS));
			}
			assertThat(all)
				.containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 800).asLongStream().boxed().toList());
		}
		assertThat(step(this.store, "a")).isEqualTo(800);
		assertThat(G(this.store, "a")).containsOnly(800);
		assertThat(parameter(this.store, "a")).containsOnly(-800);
	}

	@Test
	void aKeyThatComesTwiceAtOnceIsAppliedOnce() throws Exception {
		this.store.create(plain("a", 2));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Version>> futures = IntStream.range(0, 20)
				.mapToObj((i) -> threads.submit(() -> this.store.step(id("a"), key(1), adding(1, ALL, digest(1)))))
				.toList();
			for (Future<Version> future : futures) {
				assertThat(future.get(60, TimeUnit.SECONDS).step()).isEqualTo(1);
			}
		}
		assertThat(G(this.store, "a")).containsExactly(1, 1);
	}

	@Test
	void onlyOneOfManyCreationsCreates() throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Creation>> futures = IntStream.range(0, 16)
				.mapToObj((i) -> threads.submit(() -> this.store.create(plain("a", 10 + i))))
				.toList();
			int created = 0;
			for (Future<Creation> future : futures) {
				created += future.get(60, TimeUnit.SECONDS).isNew() ? 1 : 0;
			}
			assertThat(created).isEqualTo(1);
		}
		assertThat(this.store.count()).isEqualTo(1);
	}

	@Test
	void refusedStepsTakeNoOthersWithThem() throws Exception {
		IntStream.range(0, 4).forEach((i) -> this.store.create(constants("s" + i, 20, DType.F64, 0, 0)));
		UncheckedIOException failure = new UncheckedIOException(new IOException("the medium failed"));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<String>> futures = IntStream.range(0, 4).mapToObj((thread) -> threads.submit(() -> {
				for (int i = 0; i < 50; i++) {
					this.store.step(id("s" + thread), NO_KEY, addingToAll(1));
					assertThatThrownBy(() -> this.store.step(id("s" + thread), NO_KEY, (session, remembered) -> {
						throw failure;
					})).isSameAs(failure);
					if (i % 10 == 0) {
						Tensor other = counting(DType.F64, 20, 0);
						assertThatThrownBy(() -> this.store.restore(id("s" + thread), (session) -> {
						}, new Version(9, "x"), whole(blocks(other, 10), Optional.of(failing(other, 10, failure)))))
							.isSameAs(failure);
					}
				}
				return "";
			})).toList();
			for (Future<String> future : futures) {
				future.get(60, TimeUnit.SECONDS);
			}
		}
		for (int i = 0; i < 4; i++) {
			assertThat(step(this.store, "s" + i)).isEqualTo(50);
			assertThat(G(this.store, "s" + i)).containsOnly(50);
			assertThat(parameter(this.store, "s" + i)).containsOnly(-50);
		}
	}

	@Test
	void aReadingSeesOneVersionWhileStepsGoOn() throws Exception {
		this.store.create(constants("a", 200, DType.F64, 0, 0));
		AtomicBoolean stop = new AtomicBoolean();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			AtomicInteger steps = new AtomicInteger();
			Future<Boolean> stepping = threads.submit(() -> {
				while (!stop.get()) {
					this.store.step(id("a"), NO_KEY, addingToAll(1));
					steps.incrementAndGet();
				}
				return true;
			});
			try {
				for (int i = 0; i < 100 || steps.get() < 10; i++) {
					this.store.read(id("a"), (session, stored) -> {
						double step = session.version().step();
						assertThat(joined(stored.whole(Vector.G, 0))).containsOnly(step);
						assertThat(joined(stored.whole(Vector.PARAMETER, 0))).containsOnly(0 - step);
						assertThat(elementsOf(stored.elements(at(0, 199)).G())).containsOnly(step);
						return "";
					});
				}
			}
			finally {
				stop.set(true);
			}
			assertThat(stepping.get(60, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void aReadingHoldsNoWriterUp() throws Exception {
		this.store.create(constants("a", 200, DType.F64, 0, 0));
		CountDownLatch reading = new CountDownLatch(1);
		CountDownLatch stepped = new CountDownLatch(1);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<double[]> read = threads.submit(() -> this.store.read(id("a"), (session, stored) -> {
				reading.countDown();
				try {
					assertThat(stepped.await(60, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				return joined(stored.whole(Vector.G, 0));
			}));
			assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
			for (int i = 0; i < 20; i++) {
				this.store.step(id("a"), NO_KEY, addingToAll(1));
			}
			stepped.countDown();
			assertThat(read.get(60, TimeUnit.SECONDS)).containsOnly(0);
		}
		assertThat(G(this.store, "a")).containsOnly(20);
	}

	@Test
	void whatWasAnsweredIsThereAfterTheStoreWasOpenedAnew() {
		this.store.create(given("a", counting(DType.F64, 50, 1), counting(DType.F64, 50, 2), 50));
		this.store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		Session before = this.store.find(id("a")).orElseThrow();
		reopen(tuned(tuning()).chunkBytes(1 << 20).build(), 1000);
		assertThat(this.store.find(id("a"))).hasValue(before);
		assertThat(remembered("a", 1)).isPresent();
		this.store.step(id("a"), NO_KEY, addingToAll(1));
		assertThat(G(this.store, "a")).as("with other chunks for new sessions")
			.isEqualTo(elementsOf(plus(new State(counting(DType.F64, 50, 1), Optional.empty()), 2).G()));
	}

	@Test
	void manyElementsInChunksOfTheUsualSize() {
		reopen(TuningBuilder.standard(), 1000);
		int size = 300_001;
		this.store.create(given("a", counting(DType.F64, size, 1), constant(DType.F64, size, 2), 100_000));
		this.store.step(id("a"), NO_KEY, adding(1, at(0, 131_071, 131_072, 300_000)));
		this.store.step(id("a"), NO_KEY, addingToAll(0.5));
		double[] accumulator = elementsOf(counting(DType.F64, size, 1.5));
		for (int index : new int[] { 0, 131_071, 131_072, 300_000 }) {
			accumulator[index] += 1;
		}
		assertThat(Arrays.equals(G(this.store, "a"), accumulator)).isTrue();
		this.store.read(id("a"), (session, stored) -> {
			assertThat(Arrays.equals(joined(stored.whole(Vector.G, 0)), accumulator)).isTrue();
			return "";
		});
	}

	@Test
	void whenClosedItSaysSo() {
		this.store.create(plain("a", 1));
		this.store.close();
		List<Runnable> calls = List.of(() -> this.store.find(id("a")), () -> this.store.create(plain("b", 1)),
				() -> state(this.store, "a"), () -> this.store.step(id("a"), NO_KEY, addingToAll(1)),
				() -> this.store.list(Tenant.DEFAULT, Optional.empty(), 1), () -> this.store.count());
		for (Runnable call : calls) {
			assertThatRefusal(Code.STORE_UNAVAILABLE, call::run);
		}
		assertThat(this.store.trouble()).isPresent();
	}

}
