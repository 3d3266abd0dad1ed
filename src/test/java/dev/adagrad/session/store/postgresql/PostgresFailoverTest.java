package dev.adagrad.session.store.postgresql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.LongTest;
import dev.adagrad.caller.Quotas;
import dev.adagrad.PostgresProcess;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.store.Fixtures.G;
import static dev.adagrad.session.store.Fixtures.NO_KEY;
import static dev.adagrad.session.store.Fixtures.adding;
import static dev.adagrad.session.store.Fixtures.addingToAll;
import static dev.adagrad.session.store.Fixtures.await;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.digest;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.key;
import static dev.adagrad.session.store.Fixtures.step;
import static dev.adagrad.session.store.TuningBuilder.tuned;
import static org.assertj.core.api.Assertions.assertThat;

/// A primary, a standby, and what becomes of the store when one takes the other's place.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresFailoverTest {

	private static final Selection ALL = new Selection.All();

	@TempDir
	private Path folder;

	private final List<AutoCloseable> open = new ArrayList<>();

	private PostgresProcess primary;

	private PostgresProcess standby;

	@BeforeEach
	void start() {
		this.primary = PostgresProcess.start(this.folder.resolve("primary"));
		this.open.add(this.primary);
		this.standby = this.primary.startStandby(this.folder.resolve("standby"));
		this.open.add(this.standby);
	}

	@AfterEach
	void close() throws Exception {
		this.primary.wake();
		this.standby.wake();
		for (AutoCloseable each : this.open.reversed()) {
			each.close();
		}
	}

	private ManagedStore open(String hosts) {
		HikariDataSource pool = new HikariDataSource();
		pool.setJdbcUrl("jdbc:postgresql://" + hosts + "/postgres?targetServerType=primary");
		pool.setUsername("postgres");
		pool.setPassword("postgres");
		pool.setConnectionTimeout(1250);
		pool.setValidationTimeout(500);
		pool.setInitializationFailTimeout(-1);
		pool.addDataSourceProperty("connectTimeout", "1");
		pool.addDataSourceProperty("loginTimeout", "1");
		pool.addDataSourceProperty("prepareThreshold", "1");
		this.open.add(pool);
		ManagedStore store = new PostgresSessionStore(pool, new SessionsProperties(true, 1000, Duration.ZERO),
				tuned().chunkBytes(64).sweepInterval(Duration.ofMillis(200)).build(), Quotas.NONE, false);
		this.open.add(store);
		return store;
	}

	private String both() {
		return this.primary.host() + "," + this.standby.host();
	}

	private void awaitStandby() {
		await(() -> this.primary.sql("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = sent_lsn")
			.orElseThrow()
			.equals("1"));
	}

	private static void stepUntilApplied(ManagedStore store, long number) {
		await(() -> {
			try {
				store.step(id("a"), key(number), adding(1, ALL, digest(number)));
				return true;
			}
			catch (Refusal ex) {
				return false;
			}
		});
	}

	/// The one that was replaced comes back, believes that nothing has happened, and is
	/// the first in everybody's list.
	@Test
	void aPrimaryThatWasReplacedIsNotBelieved() {
		ManagedStore store = open(both());
		store.create(constants("a", 20, DType.F64, 0, 0));
		stepUntilApplied(store, 1);
		awaitStandby();
		this.primary.freeze();
		this.standby.sql("SELECT pg_promote()");
		stepUntilApplied(store, 2);
		stepUntilApplied(store, 3);
		this.primary.wake();
		assertThat(this.primary.sql("SELECT step FROM sessions")).contains("1");
		for (int i = 0; i < 20; i++) {
			assertThat(step(store, "a")).isEqualTo(3);
		}
		ManagedStore fresh = open(both());
		assertThat(fresh.trouble()).isEmpty();
		assertThat(step(fresh, "a")).isEqualTo(3);
		assertThat(fresh.step(id("a"), key(2), adding(1, ALL, digest(2))).step()).as("taken before").isEqualTo(2);
		assertThat(G(fresh, "a")).containsOnly(3);
	}

	/// Its connections are open, and it answers: but another has taken its place.
	@LongTest
	@Test
	void aReplicaThatHasNotNoticedTheFailoverDoes() {
		ManagedStore store = open(both());
		store.create(constants("a", 20, DType.F64, 0, 0));
		awaitStandby();
		this.standby.sql("SELECT pg_promote()");
		open(this.standby.host()).create(constants("new", 3, DType.F64, 0, 0));
		await(() -> store.find(id("new")).isPresent());
	}

	@LongTest
	@Test
	void aStandbyIsNotReady() {
		open(this.primary.host()).create(constants("a", 20, DType.F64, 0, 0));
		awaitStandby();
		ManagedStore store = open(this.standby.host());
		assertThat(store.trouble()).hasValueSatisfying((text) -> assertThat(text).contains("is a standby"));
		assertThatRefusal(Code.STORE_UNAVAILABLE, () -> store.find(id("a")))
			.matches((ex) -> ex.detail().endsWith("this call was not applied"));
		this.standby.sql("SELECT pg_promote()");
		await(() -> store.trouble().isEmpty());
		assertThat(step(store, "a")).isZero();
	}

	/// Only the first few wait on the server, whose processes would keep their locks.
	@LongTest
	@Test
	void commitsThatWaitForAStandbyKeepOthersAway() throws Exception {
		ManagedStore store = open(this.primary.host());
		for (int i = 0; i < 40; i++) {
			store.create(constants("s" + i, 20, DType.F64, 0, 0));
		}
		this.standby.freeze();
		this.primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'");
		this.primary.sql("SELECT pg_reload_conf()");
		await(() -> this.primary.sql("SHOW synchronous_standby_names").orElseThrow().equals("*"));
		assertThatRefusal(Code.STORE_UNAVAILABLE, () -> store.step(id("s0"), key(1), adding(1, ALL, digest(1))))
			.matches((ex) -> ex.detail().endsWith("is not known"), "may have been applied");
		await(() -> store.trouble().orElse("").contains("synchronous standby"));
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<Boolean>> others = new ArrayList<>();
			for (int i = 1; i < 40; i++) {
				String name = "s" + i;
				others.add(threads.submit(() -> refusedAtOnce(store, name)));
			}
			for (Future<Boolean> other : others) {
				assertThat(other.get(60, TimeUnit.SECONDS)).isTrue();
			}
		}
		assertThat(Integer.parseInt(
				this.primary.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").orElseThrow()))
			.isBetween(1, 3);
		assertThat(step(store, "s1")).as("reading goes on").isZero();
		this.standby.wake();
		await(() -> store.trouble().isEmpty());
		Version version = store.step(id("s0"), key(1), adding(1, ALL, digest(1)));
		assertThat(version.step()).isEqualTo(1);
		assertThat(G(store, "s0")).containsOnly(1);
		assertThat(store.step(id("s1"), NO_KEY, addingToAll(1)).step()).isEqualTo(1);
	}

	private static boolean refusedAtOnce(ManagedStore store, String name) {
		long begun = System.nanoTime();
		try {
			store.step(id(name), NO_KEY, addingToAll(1));
			return false;
		}
		catch (Refusal ex) {
			return ex.detail().endsWith("this call was not applied")
					&& System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(1);
		}
	}

}
