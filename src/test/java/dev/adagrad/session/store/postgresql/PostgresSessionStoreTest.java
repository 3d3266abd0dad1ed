package dev.adagrad.session.store.postgresql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.LongTest;
import dev.adagrad.caller.Quotas;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Selection;
import dev.adagrad.session.SessionStore.Creation;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.TuningBuilder;
import dev.adagrad.start.StartException;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.store.Fixtures.G;
import static dev.adagrad.session.store.Fixtures.NO_KEY;
import static dev.adagrad.session.store.Fixtures.adding;
import static dev.adagrad.session.store.Fixtures.addingToAll;
import static dev.adagrad.session.store.Fixtures.await;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.counting;
import static dev.adagrad.session.store.Fixtures.digest;
import static dev.adagrad.session.store.Fixtures.given;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.key;
import static dev.adagrad.session.store.Fixtures.parameter;
import static dev.adagrad.session.store.Fixtures.plain;
import static dev.adagrad.session.store.Fixtures.step;
import static dev.adagrad.session.store.TuningBuilder.tuned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// What PostgreSQL alone must do: be shared, be away, come back.
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresSessionStoreTest {

	private static final Selection ALL = new Selection.All();

	private static PostgresServer server;

	private final PostgresServer.Place place = server.newPlace();

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeAll
	static void start() {
		server = PostgresServer.start();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@AfterEach
	void close() throws Exception {
		server.proxy().restore();
		for (AutoCloseable each : this.open.reversed()) {
			each.close();
		}
	}

	private ManagedStore open() {
		return open(this.place);
	}

	private ManagedStore open(PostgresServer.Place place) {
		HikariDataSource pool = place.pool();
		this.open.add(pool);
		ManagedStore store = new PostgresSessionStore(pool, new SessionsProperties(true, 1000, Duration.ZERO),
				tuned().chunkBytes(64).build(), Quotas.NONE, false);
		this.open.add(store);
		return store;
	}

	private static void assertUnavailableInTime(ManagedStore store) {
		List<Runnable> calls = List.of(() -> store.find(id("a")), () -> store.step(id("a"), NO_KEY, addingToAll(1)),
				() -> store.create(plain("b", 1)));
		for (Runnable call : calls) {
			long begun = System.nanoTime();
			assertThatRefusal(Code.STORE_UNAVAILABLE, call::run);
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
		}
		assertThat(store.trouble()).isPresent();
	}

	@Test
	void startsWithoutAServerAndIsThereWhenItComes() {
		server.proxy().cut();
		ManagedStore store = open();
		assertUnavailableInTime(store);
		server.proxy().restore();
		await(() -> store.trouble().isEmpty());
		store.create(plain("a", 3));
		assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(1);
	}

	@Test
	void aServerThatGoesAndComesBackIsForgiven() {
		ManagedStore store = open();
		store.create(plain("a", 3));
		server.proxy().cut();
		assertUnavailableInTime(store);
		server.proxy().restore();
		await(() -> store.trouble().isEmpty());
		assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(1);
	}

	@Test
	void aServerThatDoesNotAnswerIsFoundOutInTime() {
		ManagedStore store = open();
		store.create(plain("a", 3));
		server.proxy().pause();
		assertUnavailableInTime(store);
		server.proxy().restore();
		await(() -> store.trouble().isEmpty());
		assertThat(G(store, "a")).hasSize(3);
	}

	@Test
	void connectionsThatBrokeWhileIdleAreNotNoticed() {
		ManagedStore store = open();
		store.create(plain("a", 3));
		for (int i = 1; i <= 5; i++) {
			// breaks those in the pool, and takes new ones
			server.proxy().restore();
			assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(i);
		}
	}

	@Test
	void noStepIsLostOrDoubledWhenTheServerIsKilled() throws Exception {
		ManagedStore store = open();
		store.create(constants("a", 20, DType.F64, 0, 0));
		AtomicBoolean stop = new AtomicBoolean();
		AtomicLong acknowledged = new AtomicLong();
		AtomicLong refused = new AtomicLong();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Long> client = threads.submit(() -> {
				long next = 1;
				boolean repeated = false;
				// what was refused is repeated before all is compared
				while (!stop.get() || repeated) {
					try {
						Version version = store.step(id("a"), key(next), adding(1, ALL, digest(next)));
						assertThat(version.step()).as("applied once, however often it was asked for").isEqualTo(next);
						acknowledged.set(next++);
						repeated = false;
					}
					catch (Refusal ex) {
						assertThat(ex.code()).isEqualTo(Code.STORE_UNAVAILABLE);
						refused.incrementAndGet();
						repeated = true;
						TimeUnit.MILLISECONDS.sleep(20);
					}
				}
				return next - 1;
			});
			try {
				for (int i = 0; i < 2; i++) {
					long seen = acknowledged.get();
					await(() -> client.isDone() || acknowledged.get() > seen + 50);
					long before = refused.get();
					server.kill();
					await(() -> client.isDone() || refused.get() > before);
					server.startAgain();
				}
				long seen = acknowledged.get();
				await(() -> client.isDone() || acknowledged.get() > seen + 50);
			}
			finally {
				stop.set(true);
			}
			assertThat(client.get(60, TimeUnit.SECONDS)).isEqualTo(acknowledged.get()).isGreaterThan(150);
		}
		assertThat(refused).as("steps that a kill has cut off").hasValueGreaterThanOrEqualTo(2);
		assertThat(step(store, "a")).isEqualTo(acknowledged.get());
		assertThat(G(store, "a")).containsOnly((double) acknowledged.get());
		assertThat(parameter(store, "a")).containsOnly((double) -acknowledged.get());
	}

	@Test
	void newerTablesAreRefused() {
		open();
		this.place.sql("""
				INSERT INTO adagrad_schema_history SELECT 99, '99', 'newer', type, 'V99__newer.sql', checksum,
					installed_by, installed_on, execution_time, success FROM adagrad_schema_history LIMIT 1
				""");
		assertThatExceptionOfType(StartException.class).isThrownBy(this::open)
			.withMessageContaining("version 99")
			.withMessageContaining("up to 3");
	}

	/// Another application, whose migrations Flyway has recorded in the same schema.
	@ParameterizedTest
	@ValueSource(strings = { "1", "5" })
	void theHistoryOfAnotherApplicationIsNotOurs(String version) {
		this.place.sql("""
				CREATE TABLE flyway_schema_history (installed_rank INTEGER PRIMARY KEY, version VARCHAR(50),
					description VARCHAR(200), type VARCHAR(20), script VARCHAR(1000), checksum INTEGER,
					installed_by VARCHAR(100), installed_on TIMESTAMP DEFAULT now(), execution_time INTEGER,
					success BOOLEAN)""");
		this.place.sql("INSERT INTO flyway_schema_history VALUES (1, '" + version
				+ "', 'recipes', 'SQL', 'V1__recipes.sql', 1, 'cook', now(), 1, true)");
		this.place.sql("CREATE TABLE recipes (name TEXT)");
		for (int i = 0; i < 2; i++) {
			ManagedStore store = open();
			store.create(plain("a", 3));
			store.step(id("a"), NO_KEY, addingToAll(1));
		}
		assertThat(step(open(), "a")).isEqualTo(2);
		assertThat(this.place.sql("SELECT count(*) FROM flyway_schema_history")).containsExactly(1L);
	}

	@Test
	void theTablesOfAnotherApplicationAreNotTaken() {
		this.place.sql("CREATE TABLE sessions (cookie TEXT)");
		assertThatExceptionOfType(StartException.class).isThrownBy(this::open)
			.withMessageContaining("\"sessions\" already exists");
		assertThat(this.place.sql("SELECT count(*) FROM sessions")).containsExactly(0L);
	}

	@Test
	void twoThatStartAtOnceBothStart() throws Exception {
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<HikariDataSource> pools = List.of(this.place.pool(), this.place.pool(), this.place.pool());
			this.open.addAll(pools);
			List<Future<ManagedStore>> starting = pools.stream()
				.map((pool) -> threads.submit(() -> (ManagedStore) new PostgresSessionStore(pool,
						new SessionsProperties(true, 1000, Duration.ZERO), TuningBuilder.standard(), Quotas.NONE,
						false)))
				.toList();
			for (Future<ManagedStore> each : starting) {
				ManagedStore store = each.get(60, TimeUnit.SECONDS);
				this.open.add(store);
				await(() -> store.trouble().isEmpty());
			}
		}
	}

	@LongTest
	@Test
	void whatOneReplicaCreatesTheOtherLeavesAsItIs() throws Exception {
		List<ManagedStore> replicas = List.of(open(), open());
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 200; i++) {
				String name = "s" + i;
				CyclicBarrier both = new CyclicBarrier(2);
				List<Future<Creation>> creations = replicas.stream().map((replica) -> threads.submit(() -> {
					both.await();
					Creation creation = replica.create(plain(name, 3));
					replica.step(id(name), NO_KEY, addingToAll(1));
					return creation;
				})).toList();
				Creation one = creations.getFirst().get(60, TimeUnit.SECONDS);
				Creation other = creations.getLast().get(60, TimeUnit.SECONDS);
				assertThat(one.isNew()).as("created once").isNotEqualTo(other.isNew());
				assertThat(one.session().version().incarnation()).isEqualTo(other.session().version().incarnation());
				assertThat(step(replicas.getFirst(), name)).as("no step lost").isEqualTo(2);
			}
		}
	}

	@Test
	void tablesThatAreGoneAreTrouble() {
		ManagedStore store = open();
		assertThat(store.trouble()).isEmpty();
		this.place.sql("DROP TABLE sessions");
		assertThat(store.trouble()).isPresent();
	}

	@Test
	void replicasTakeTurns() throws Exception {
		List<ManagedStore> replicas = List.of(open(), open());
		replicas.getFirst().create(constants("a", 20, DType.F64, 0, 0));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Integer>> clients = IntStream.range(0, 8).mapToObj((client) -> threads.submit(() -> {
				for (int i = 0; i < 50; i++) {
					replicas.get(client % 2).step(id("a"), key(client * 1000 + i), adding(1, ALL, digest(i)));
				}
				return client;
			})).toList();
			for (Future<Integer> client : clients) {
				client.get(60, TimeUnit.SECONDS);
			}
		}
		for (ManagedStore replica : replicas) {
			assertThat(step(replica, "a")).isEqualTo(400);
			assertThat(G(replica, "a")).containsOnly(400);
		}
	}

	/// Rows that move to other pages, which an UPDATE of their key stands for.
	@Test
	void pagesThatManyRowsHaveLeftAreVacuumed() {
		HikariDataSource pool = this.place.pool();
		this.open.add(pool);
		ManagedStore store = new PostgresSessionStore(pool, new SessionsProperties(true, 1000, Duration.ZERO),
				tuned().chunkBytes(64).sweepInterval(Duration.ofMillis(50)).build(), Quotas.NONE, false);
		this.open.add(store);
		this.place.sql("ALTER TABLE chunks SET (autovacuum_enabled = off)");
		store.create(given("a", counting(DType.F64, 8000, 1), counting(DType.F64, 8000, 1), 8000));
		this.place.sql("UPDATE chunks SET chunk = chunk + 10000");
		await(() -> this.place.sql("SELECT vacuum_count FROM pg_stat_user_tables WHERE relid = to_regclass('chunks')")
			.equals(List.of(1L)));
	}

	/// As a process that is stopped, or whose network is gone: the server ends its
	/// transaction. Meanwhile sessions that it does not hold are served as ever.
	@LongTest
	@Test
	void whoStopsInTheMiddleKeepsItsSessionForSomeSecondsOnly() throws Exception {
		List<ManagedStore> replicas = List.of(open(), open());
		ManagedStore other = replicas.getLast();
		other.create(plain("a", 3));
		other.create(plain("b", 3));
		CountDownLatch inside = new CountDownLatch(1);
		CountDownLatch awake = new CountDownLatch(1);
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			Future<Version> stopped = threads
				.submit(() -> replicas.getFirst().step(id("a"), key(1), (session, remembered) -> {
					inside.countDown();
					awaitLatch(awake);
					return adding(1, ALL, digest(1)).plan(session, remembered);
				}));
			awaitLatch(inside);
			assertThatRefusal(Code.SESSION_BUSY, () -> other.step(id("a"), NO_KEY, addingToAll(1)));
			assertThat(other.step(id("b"), NO_KEY, addingToAll(1)).step()).isEqualTo(1);
			await(() -> stepped(other));
			awake.countDown();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> stopped.get(60, TimeUnit.SECONDS))
				.withCauseInstanceOf(Refusal.class);
		}
		assertThat(step(other, "a")).as("of one client").isEqualTo(1);
		for (ManagedStore replica : replicas) {
			replica.step(id("a"), key(1), adding(1, ALL, digest(1)));
		}
		assertThat(step(other, "a")).as("and once of the one that was stopped").isEqualTo(2);
		assertThat(G(other, "a")).containsOnly(2);
	}

	/// As a cable that was pulled out in the middle of a transaction.
	@Test
	void whoseNetworkFallsSilentKeepsItsSessionForSomeSecondsOnly() throws Exception {
		try (TcpProxy proxy = new TcpProxy("127.0.0.1", server.proxy().port());
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			ManagedStore cutOff = open(this.place.through(proxy));
			ManagedStore other = open();
			other.create(plain("a", 3));
			Future<Version> silent = threads.submit(() -> cutOff.step(id("a"), key(1), (session, remembered) -> {
				proxy.pause();
				return adding(1, ALL, digest(1)).plan(session, remembered);
			}));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> silent.get(60, TimeUnit.SECONDS))
				.withCauseInstanceOf(Refusal.class);
			await(() -> stepped(other));
			proxy.restore();
			await(() -> cutOff.trouble().isEmpty());
			cutOff.step(id("a"), key(1), adding(1, ALL, digest(1)));
			other.step(id("a"), key(1), adding(1, ALL, digest(1)));
			assertThat(step(other, "a")).isEqualTo(2);
			assertThat(G(other, "a")).containsOnly(2);
		}
	}

	@Test
	void whatIsWrongWithTheSettingsIsNamed() {
		ManagedStore store = open(this.place.nowhere());
		assertThat(store.trouble())
			.hasValueSatisfying((text) -> assertThat(text).contains("database \"nosuch\" does not exist"));
		assertThatRefusal(Code.STORE_UNAVAILABLE, () -> store.find(id("a"))).withMessageContaining("nosuch")
			.matches((ex) -> ex.detail().endsWith("this call was not applied"));
	}

	/// Reading goes on, but who asks whether it is ready is told.
	@Test
	void aDatabaseThatCannotBeWrittenToIsTrouble() {
		ManagedStore store = open();
		store.create(plain("a", 3));
		String database = "ALTER DATABASE " + this.place.database() + " ";
		this.place.sql(database + "SET default_transaction_read_only = on");
		try {
			// connections that are new
			server.proxy().restore();
			assertThat(G(store, "a")).hasSize(3);
			assertThatRefusal(Code.STORE_UNAVAILABLE, () -> store.step(id("a"), NO_KEY, addingToAll(1)))
				.matches((ex) -> ex.detail().endsWith("this call was not applied"));
			assertThat(store.trouble())
				.hasValueSatisfying((text) -> assertThat(text).contains("read-only transaction"));
		}
		finally {
			this.place.sql("SET transaction_read_only = off; " + database + "RESET default_transaction_read_only");
			server.proxy().restore();
		}
		await(() -> store.trouble().isEmpty());
	}

	private static boolean stepped(ManagedStore store) {
		try {
			store.step(id("a"), NO_KEY, addingToAll(1));
			return true;
		}
		catch (Refusal ex) {
			return false;
		}
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void whoWaitsTooLongIsToldThatTheSessionIsBusy() throws Exception {
		List<ManagedStore> replicas = List.of(open(), open());
		replicas.getFirst().create(plain("a", 3));
		AtomicBoolean stop = new AtomicBoolean();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			AtomicBoolean inside = new AtomicBoolean();
			Future<Version> slow = threads
				.submit(() -> replicas.getFirst().step(id("a"), NO_KEY, (session, remembered) -> {
					inside.set(true);
					await(stop::get);
					return addingToAll(1).plan(session, remembered);
				}));
			try {
				await(inside::get);
				for (ManagedStore replica : replicas) {
					assertThatRefusal(Code.SESSION_BUSY, () -> replica.step(id("a"), NO_KEY, addingToAll(1)));
				}
				assertThat(G(replicas.getLast(), "a")).as("reading waits for nobody").containsOnly(0);
				replicas.getLast().create(plain("b", 3));
			}
			finally {
				stop.set(true);
			}
			assertThat(slow.get(60, TimeUnit.SECONDS).step()).isEqualTo(1);
		}
		assertThat(G(replicas.getLast(), "a")).containsOnly(1);
	}

	/// A store with a session of three elements, of whose steps the next commits fail, as
	/// those of a distributed engine may.
	private ManagedStore openWithFailingCommits(String state, int times) {
		ManagedStore store = open();
		store.create(plain("a", 3));
		this.place.sql("CREATE SEQUENCE failed");
		this.place.sql("""
				CREATE FUNCTION fail_commit() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
				BEGIN
					IF nextval('failed') <= %d THEN
						RAISE EXCEPTION 'the commit failed' USING ERRCODE = '%s';
					END IF;
					RETURN NULL;
				END $$""".formatted(times, state));
		this.place.sql("""
				CREATE CONSTRAINT TRIGGER fail_commit AFTER UPDATE ON sessions DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW EXECUTE FUNCTION fail_commit()""");
		return store;
	}

	@ParameterizedTest
	@ValueSource(strings = { "40001", "CR000", "40P01" })
	void aCommitThatLostARaceIsTriedAgain(String state) {
		ManagedStore store = openWithFailingCommits(state, 3);
		store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		assertThat(G(store, "a")).containsOnly(1);
		assertThat(this.place.sql("SELECT last_value FROM failed")).as("commits").containsExactly(4L);
	}

	@Test
	void whoLosesEachRaceIsToldThatTheSessionIsBusy() {
		ManagedStore store = openWithFailingCommits("40001", Integer.MAX_VALUE);
		assertThatRefusal(Code.SESSION_BUSY, () -> store.step(id("a"), NO_KEY, addingToAll(1)));
		assertThat(G(store, "a")).containsOnly(0);
	}

	/// The server that answers may not know what became of a commit on another one.
	@ParameterizedTest
	@ValueSource(strings = { "40003", "08006", "XX000" })
	void aCommitThatFailsOtherwiseMayHaveBeenApplied(String state) {
		ManagedStore store = openWithFailingCommits(state, 1);
		assertThatRefusal(Code.STORE_UNAVAILABLE, () -> store.step(id("a"), key(1), adding(1, ALL, digest(1))))
			.withMessageContaining("the database did not confirm a COMMIT");
		store.step(id("a"), key(1), adding(1, ALL, digest(1)));
		assertThat(G(store, "a")).containsOnly(1);
	}

}
