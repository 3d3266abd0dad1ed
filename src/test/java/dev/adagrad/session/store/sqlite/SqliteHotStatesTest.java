package dev.adagrad.session.store.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.adagrad.caller.Quotas;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Session;
import dev.adagrad.session.State;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.Work;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
import static dev.adagrad.session.store.Fixtures.expiring;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.parameter;
import static dev.adagrad.session.store.Fixtures.plain;
import static dev.adagrad.session.store.Fixtures.step;
import static dev.adagrad.session.store.Fixtures.whole;
import static dev.adagrad.session.store.TuningBuilder.tuned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What SQLite's writer keeps in memory must never differ from what is in the database. Whether it is used is seen by
/// setting all elements in the database to 0, behind the store's back.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteHotStatesTest {

	private static final int SIZE = 20;

	private static final Tuning NEVER_IDLE = tuned().chunkBytes(64).sweepInterval(Duration.ofDays(1)).build();

	@TempDir
	private Path folder;

	private SqliteSessionStore open(Tuning tuning) {
		return open("store", tuning);
	}

	private SqliteSessionStore open(String name, Tuning tuning) {
		return new SqliteSessionStore(SqliteFiles.properties(this.folder.resolve(name), Durability.OS),
				new SessionsProperties(true, 100, Duration.ZERO), tuning, Quotas.NONE);
	}

	private void setToZero() {
		SqliteFiles.sql(this.folder.resolve("store"),
				"UPDATE chunks SET data = zeroblob(octet_length(data)), checksum = NULL");
	}

	@Test
	void aDenseStepAfterADenseOneReadsNothing() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(constants("a", SIZE, DType.F32, 1, 2));
			store.step(id("a"), NO_KEY, addingToAll(1));
			setToZero();
			store.step(id("a"), NO_KEY, addingToAll(1));
			assertThat(G(store, "a")).containsOnly(3);
			assertThat(parameter(store, "a")).containsOnly(0);
		}
	}

	@Test
	void aSessionThatIsGoneIsNotSteppedAnyMore() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(constants("a", SIZE, DType.F64, 1, 2));
			store.step(id("a"), NO_KEY, addingToAll(1));
			store.delete(id("a"), Optional.empty());
			assertThatRefusal(Code.SESSION_NOT_FOUND, () -> store.step(id("a"), NO_KEY, addingToAll(1)));
			store.create(constants("a", SIZE, DType.F64, 5, 2));
			assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(1);
			assertThat(G(store, "a")).containsOnly(6);
		}
	}

	/// All others wait for the one thread that writes.
	@Test
	void whatDependsOnTheConfigurationAloneIsDoneByTheThreadThatCalls() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(plain("a", SIZE));
			List<Thread> preparing = new ArrayList<>();
			Transition<Version> call = new Transition<>() {
				@Override
				public Plan<Version> plan(Session session, Optional<AppliedStep> remembered) {
					assertThat(Thread.currentThread()).isNotEqualTo(preparing.getFirst());
					return addingToAll(1).plan(session, remembered);
				}

				@Override
				public Transition<Version> preparedFor(Configuration configuration) {
					assertThat(configuration.size()).isEqualTo(SIZE);
					preparing.add(Thread.currentThread());
					return this;
				}
			};
			store.step(id("a"), NO_KEY, addingToAll(1));
			store.step(id("a"), NO_KEY, store.prepare(id("a"), call));
			assertThat(preparing).containsExactly(Thread.currentThread());
		}
	}

	/// What is known of a session may be of one that is gone.
	@Test
	void whatCannotBePreparedIsLeftToTheTransaction() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(plain("a", SIZE));
			store.step(id("a"), NO_KEY, addingToAll(1));
			Transition<Version> call = new Transition<>() {
				@Override
				public Plan<Version> plan(Session session, Optional<AppliedStep> remembered) {
					return addingToAll(1).plan(session, remembered);
				}

				@Override
				public Transition<Version> preparedFor(Configuration configuration) {
					throw Refusal.of(Code.LENGTH_MISMATCH, "of another session");
				}
			};
			assertThat(store.step(id("a"), NO_KEY, store.prepare(id("a"), call)).step()).isEqualTo(2);
		}
	}

	/// As nobody but this store may do: the row that is kept then is not the database's.
	@Test
	void aStepOfARowThatIsNotTheDatabasesGoesByTheDatabase() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(plain("a", SIZE));
			store.create(plain("b", SIZE));
			store.step(id("a"), NO_KEY, addingToAll(1));
			store.step(id("b"), NO_KEY, addingToAll(1));
			setToZero();
			SqliteFiles.sql(this.folder.resolve("store"),
					"UPDATE sessions SET step = 7, checksum = NULL WHERE id = 'a'");
			SqliteFiles.sql(this.folder.resolve("store"), "DELETE FROM sessions WHERE id = 'b'");
			assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(8);
			assertThat(G(store, "a")).containsOnly(1);
			assertThatRefusal(Code.SESSION_NOT_FOUND, () -> store.step(id("b"), NO_KEY, addingToAll(1)));
		}
	}

	@Test
	void nothingIsKeptBeyondTheBytes() {
		try (SqliteSessionStore store = open(tuned(NEVER_IDLE).hotBytes(SIZE * 8 + HotStates.ROW_BYTES - 1).build())) {
			store.create(plain("a", SIZE));
			store.step(id("a"), NO_KEY, addingToAll(5));
			setToZero();
			store.step(id("a"), NO_KEY, addingToAll(1));
			assertThat(G(store, "a")).containsOnly(1);
		}
	}

	@Test
	void anIdleSessionTakesNoMemory() {
		Semaphore transactions = new Semaphore(0);
		try (SqliteSessionStore store = open(tuned(NEVER_IDLE).sweepInterval(Duration.ofMillis(1))
			.batchSizes((size) -> transactions.release())
			.build())) {
			store.create(plain("a", SIZE));
			store.step(id("a"), NO_KEY, addingToAll(5));
			setToZero();
			// those of the sweeper, each an interval after the one before
			transactions.drainPermits();
			transactions.acquireUninterruptibly(10);
			store.step(id("a"), NO_KEY, addingToAll(0));
			assertThat(G(store, "a")[0]).isEqualTo(0);
		}
	}

	@Test
	void sparseStepsGoByTheDatabase() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(plain("a", SIZE));
			store.step(id("a"), NO_KEY, addingToAll(5));
			setToZero();
			store.step(id("a"), NO_KEY, adding(1, at(3)));
			assertThat(G(store, "a")[3]).isEqualTo(1);
			store.step(id("a"), NO_KEY, addingToAll(1));
			assertThat(G(store, "a")[3]).isEqualTo(2);
			assertThat(G(store, "a")[4]).isEqualTo(1);
		}
	}

	@Test
	void afterARestoreItsStateCounts() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(plain("a", SIZE));
			store.step(id("a"), NO_KEY, addingToAll(5));
			store.restore(id("a"), (session) -> {
			}, new Version(1, "life-1"), whole(blocks(constant(DType.F64, SIZE, 7), 3), Optional.empty()));
			assertThat(store.find(id("a")).orElseThrow().version()).as("as it was before")
				.isEqualTo(new Version(1, "life-1"));
			store.step(id("a"), NO_KEY, addingToAll(1));
			assertThat(G(store, "a")).containsOnly(8);
		}
	}

	@Test
	void anotherSessionOfTheIdBeginsAnew() {
		try (SqliteSessionStore store = open(NEVER_IDLE)) {
			store.create(expiring("a", SIZE, Duration.ofSeconds(1)));
			store.step(id("a"), NO_KEY, addingToAll(5));
			await(() -> store.find(id("a")).isEmpty());
			assertThatRefusal(Code.SESSION_NOT_FOUND, () -> store.step(id("a"), NO_KEY, addingToAll(1)));
			for (int i = 0; i < 2; i++) {
				store.create(plain("a", SIZE));
				store.step(id("a"), NO_KEY, addingToAll(1));
				assertThat(G(store, "a")).containsOnly(1);
				store.delete(id("a"), Optional.empty());
			}
		}
	}

	/// Once: its task is run again alone, and succeeds; twice: nobody knows. Also where
	/// it did take place.
	@ParameterizedTest
	@CsvSource({ "1, false", "2, false", "1, true", "2, true" })
	void afterAFailedCommitTheDatabaseCounts(int failures, boolean afterwards) {
		AtomicInteger left = new AtomicInteger();
		Work<?> commit = (database) -> {
			boolean fails = left.getAndUpdate((n) -> Math.max(0, n - 1)) > 0;
			if (!fails || afterwards) {
				database.execute("COMMIT");
			}
			if (fails) {
				throw new SQLException("the disk failed");
			}
			return database;
		};
		try (SqliteSessionStore store = open(tuned(NEVER_IDLE).commit(commit).build())) {
			store.create(plain("a", SIZE));
			store.step(id("a"), NO_KEY, addingToAll(1));
			left.set(failures);
			try {
				store.step(id("a"), NO_KEY, addingToAll(10));
			}
			catch (Refusal ex) {
				assertThat(failures).isEqualTo(2);
			}
			double stands = G(store, "a")[0];
			if (!afterwards) {
				assertThat(stands).isEqualTo((failures == 1) ? 11 : 1);
			}
			store.step(id("a"), NO_KEY, addingToAll(100));
			assertThat(G(store, "a")).containsOnly(stands + 100);
			store.step(id("a"), NO_KEY, addingToAll(100));
			assertThat(G(store, "a")).containsOnly(stands + 200);
		}
	}

	@Test
	void aStepStandsOnTheOneBeforeItInItsBatch() throws Exception {
		AtomicInteger failures = new AtomicInteger();
		Work<?> commit = (database) -> {
			if (failures.getAndDecrement() > 0) {
				throw new SQLException("the disk failed");
			}
			database.execute("COMMIT");
			return database;
		};
		try (SqliteSessionStore store = open(tuned(NEVER_IDLE).commit(commit).build());
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			store.create(plain("a", SIZE));
			for (int round = 0; round < 2; round++) {
				CountDownLatch begun = new CountDownLatch(1);
				CountDownLatch go = new CountDownLatch(1);
				Future<Version> first = threads.submit(() -> store.step(id("a"), NO_KEY, (session, remembered) -> {
					begun.countDown();
					awaitLatch(go);
					return addingToAll(1).plan(session, remembered);
				}));
				awaitLatch(begun);
				List<Future<Version>> others = IntStream.range(0, 4)
					.mapToObj((i) -> threads
						.submit(() -> store.step(id("a"), NO_KEY, (i == 2) ? adding(1, at(0)) : addingToAll(1))))
					.toList();
				await(() -> store.waiting() == 4);
				// the second time all five are rolled back and run again
				failures.set(round);
				go.countDown();
				first.get(60, TimeUnit.SECONDS);
				for (Future<Version> other : others) {
					other.get(60, TimeUnit.SECONDS);
				}
				assertThat(step(store, "a")).isEqualTo(5L * (round + 1));
				assertThat(G(store, "a")[0]).isEqualTo(5 * (round + 1));
				assertThat(G(store, "a")[1]).isEqualTo(4 * (round + 1));
			}
		}
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/// Whatever is done in whatever order, with commits that fail now and then, to a
	/// store that keeps all, one that has room for two sessions, and one that keeps
	/// nothing: each is at all times what arithmetic on arrays says.
	@ParameterizedTest
	@CsvSource({ "1, 1000000", "2, 1000000", "3, 2700", "4, 2700", "5, 0" })
	void allOrdersOfCallsEndAsIfNothingWereKept(int seed, long hotBytes) {
		Random random = new Random(seed);
		AtomicInteger failures = new AtomicInteger();
		Tuning tuning = tuned(NEVER_IDLE).hotBytes(hotBytes).commit((database) -> {
			if (failures.getAndUpdate((n) -> Math.max(0, n - 1)) > 0) {
				throw new SQLException("the disk failed");
			}
			database.execute("COMMIT");
			return database;
		}).build();
		Map<String, double[]> expected = new HashMap<>();
		try (SqliteSessionStore store = open(tuning)) {
			for (int i = 0; i < 600; i++) {
				String name = "s" + random.nextInt(3);
				failures.set(Math.max(0, random.nextInt(12) - 9));
				double[] values = expected.get(name);
				double[] after = random.nextInt(4) == 0 || values == null ? other(store, name, values, i, random)
						: stepped(store, name, values, i, random);
				if (after.length == 0) {
					expected.remove(name);
				}
				else {
					expected.put(name, after);
				}
				failures.set(0);
				assertStands(store, name, expected);
			}
		}
		try (SqliteSessionStore store = open(tuning)) {
			List.of("s0", "s1", "s2").forEach((name) -> assertStands(store, name, expected));
		}
	}

	private static void assertStands(SqliteSessionStore store, String name, Map<String, double[]> expected) {
		double[] values = expected.get(name);
		assertThat(store.find(id(name)).isPresent()).isEqualTo(values != null);
		if (values != null) {
			assertThat(G(store, name)).isEqualTo(values);
			assertThat(parameter(store, name)).isEqualTo(Arrays.stream(values).map((value) -> 0 - value).toArray());
		}
	}

	/// @return what G is after it
	private static double[] stepped(SqliteSessionStore store, String name, double[] values, int amount, Random random) {
		int[] indices = random.nextBoolean() ? IntStream.range(0, SIZE).toArray()
				: random.ints(0, SIZE).limit(4).sorted().distinct().toArray();
		Selection selection = (indices.length == SIZE) ? new Selection.All()
				: at(Arrays.stream(indices).asLongStream().toArray());
		double[] after = values.clone();
		for (int index : indices) {
			after[index] += amount;
		}
		if (random.nextInt(10) == 0) {
			IllegalArgumentException refusal = new IllegalArgumentException("refused");
			assertThatThrownBy(() -> store.step(id(name), NO_KEY,
					(session, remembered) -> new Transition.Plan.Write<>(selection, Optional.empty(), (state) -> {
						throw refusal;
					})))
				.isInstanceOfAny(refusal.getClass(), Refusal.class);
			return values;
		}
		try {
			store.step(id(name), NO_KEY, adding(amount, selection));
			return after;
		}
		catch (Refusal ex) {
			return values;
		}
	}

	/// Restores, deletes or creates.
	/// @return what G is after it, nothing if the session is gone
	private static double[] other(SqliteSessionStore store, String name, double[] values, int value, Random random) {
		try {
			if (values == null) {
				store.create(constants(name, SIZE, DType.F64, 0, 0));
				return new double[SIZE];
			}
			if (random.nextBoolean()) {
				store.delete(id(name), Optional.empty());
				return new double[0];
			}
			State state = Fixtures
				.plus(new State(constant(DType.F64, SIZE, 0), Optional.of(constant(DType.F64, SIZE, 0))), value);
			// steps and lives that come again, as they may not where a life is made at
			// random, are told apart all the
			// same
			store.restore(id(name), (session) -> {
			}, new Version(random.nextInt(3), "life-1"),
					whole(blocks(state.G(), 7), Optional.of(blocks(state.parameter().orElseThrow(), 7))));
			return Fixtures.elementsOf(state.G());
		}
		catch (Refusal ex) {
			return (values != null) ? values : new double[0];
		}
	}

}
