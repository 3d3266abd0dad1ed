package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.TuningBuilder;
import dev.adagrad.session.store.Work;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import static dev.adagrad.session.store.TuningBuilder.tuned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// The thread that writes outlives whatever is thrown in it, even where that cannot be logged for want of memory; and
/// whoever waits hears what is known.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommitterTest {

	@TempDir
	private Path path;

	private final AtomicBoolean reserve = new AtomicBoolean();

	private final AtomicInteger failures = new AtomicInteger();

	private final FailingAppender appender = new FailingAppender();

	private SqliteFolder folder;

	@BeforeEach
	void open() {
		this.folder = SqliteFolder.lock(SqliteFiles.properties(this.path, Durability.OS));
		this.appender.start();
		logger().addAppender(this.appender);
	}

	@AfterEach
	void close() {
		logger().detachAppender(this.appender);
		this.folder.close();
	}

	private static Logger logger() {
		return (Logger) LoggerFactory.getLogger(Committer.class);
	}

	/// What is kept for what makes room is for nothing else.
	@Test
	void theReserveIsForWhatMakesRoom() throws Exception {
		Work<Integer> needing = (database) -> {
			if (this.reserve.get()) {
				throw new SQLiteException("as if", SQLiteErrorCode.SQLITE_FULL);
			}
			return database.update("INSERT INTO steps VALUES (1)");
		};
		try (Committer committer = committer(this.folder.openFirst().database(), TuningBuilder.standard(),
				(database) -> database)) {
			createTable(committer);
			this.reserve.set(true);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> committer.submit(needing).get())
				.withCauseInstanceOf(SQLiteException.class);
			assertThat(this.reserve).isTrue();
			assertThat(committer.submit(needing, true).get()).isEqualTo(1);
			assertThat(values(committer)).containsExactly(1);
		}
	}

	private Committer committer(Database database, Tuning tuning, Work<?> afterCommit) {
		Committer committer = new Committer(database, this.folder::openWriter, tuning,
				new HotStates(0, System::nanoTime), witness(), afterCommit, () -> this.reserve.getAndSet(false));
		committer.start();
		return committer;
	}

	private Witness witness() {
		try {
			return Witness.open(this.path.resolve("witness"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void failIfDue() {
		if (this.failures.getAndDecrement() > 0) {
			throw new OutOfMemoryError("as if");
		}
	}

	private static CompletableFuture<Integer> insert(Committer committer, int value) {
		return committer.submit((database) -> database.update("INSERT INTO steps VALUES (?)", value));
	}

	private static void createTable(Committer committer) throws Exception {
		committer.submit((database) -> database.update("CREATE TABLE steps (value INTEGER)")).get();
	}

	private static List<Integer> values(Committer committer) throws Exception {
		return committer
			.submit((database) -> database.all("SELECT value FROM steps ORDER BY value", (row) -> row.getInt(1)))
			.get();
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertUnknown(CompletableFuture<?> future) {
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> future.get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(Refusal.class)
			.withRootCauseInstanceOf(OutOfMemoryError.class);
	}

	@Test
	void anErrorBeforeTheCommitIsToldToAllOfTheBatch() throws Exception {
		Tuning tuning = tuned().commit((database) -> {
			failIfDue();
			database.execute("COMMIT");
			return database;
		}).build();
		try (Committer committer = committer(this.folder.openFirst().database(), tuning, (database) -> database)) {
			createTable(committer);
			CountDownLatch go = new CountDownLatch(1);
			var first = committer.submit((database) -> {
				awaitLatch(go);
				return database.update("INSERT INTO steps VALUES (1)");
			});
			var second = insert(committer, 2);
			this.failures.set(1);
			go.countDown();
			assertUnknown(first);
			assertUnknown(second);
			assertThat(insert(committer, 3).get()).isEqualTo(1);
			assertThat(values(committer)).containsExactly(3);
			assertThat(this.appender.asked).hasPositiveValue();
		}
	}

	@Test
	void anErrorBeforeTheTransactionIsToldToWhoCameFirst() throws Exception {
		Connection real = real();
		Connection failing = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement") || method.getName().equals("close")) {
						failIfDue();
					}
					try {
						return method.invoke(real, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		// neither a transaction nor, at first, another connection can be had
		this.failures.set(3);
		try (Committer committer = committer(Database.keepingStatements(failing, SqliteFiles.NO_LIMIT),
				TuningBuilder.standard(), (database) -> database)) {
			for (int i = 0; i < 3; i++) {
				assertUnknown(insert(committer, i));
			}
			createTable(committer);
			assertThat(values(committer)).isEmpty();
		}
		assertThat(real.isClosed()).isTrue();
	}

	private Connection real() throws Exception {
		this.folder.openFirst().database().close();
		return java.sql.DriverManager.getConnection("jdbc:sqlite:" + this.path.resolve("adagrad.db"));
	}

	@Test
	void anErrorAfterTheCommitTakesNothingBack() throws Exception {
		try (Committer committer = committer(this.folder.openFirst().database(),
				tuned().batchSizes((size) -> failIfDue()).build(), (database) -> {
					failIfDue();
					return database;
				})) {
			createTable(committer);
			for (int failing = 1; failing <= 2; failing++) {
				this.failures.set(failing);
				assertThat(insert(committer, failing).get(30, TimeUnit.SECONDS)).isEqualTo(1);
			}
			assertThat(values(committer)).containsExactly(1, 2);
		}
	}

	@Test
	void anErrorInTheLastBatchKeepsNobodyFromClosing() throws Exception {
		CountDownLatch go = new CountDownLatch(1);
		Tuning tuning = tuned().commit((database) -> {
			awaitLatch(go);
			throw new OutOfMemoryError("as if");
		}).build();
		Committer committer = committer(this.folder.openFirst().database(), tuning, (database) -> database);
		var last = committer.submit((database) -> database.update("CREATE TABLE steps (value INTEGER)"));
		Thread closing = Thread.ofVirtual().start(committer::close);
		Fixtures.await(() -> closing.getState() == Thread.State.WAITING);
		go.countDown();
		assertUnknown(last);
		assertThat(closing.join(java.time.Duration.ofSeconds(30))).isTrue();
		assertThat(committer.isOpen()).isFalse();
	}

	/// Else its caller would repeat it without a key, and have it twice. A disk that is
	/// full is another matter: SQLite has rolled back.
	@Test
	void ofACommitThatFailsTwiceNobodyKnowsWhetherItWas() throws Exception {
		AtomicReference<@Nullable SQLiteErrorCode> code = new AtomicReference<>();
		Tuning tuning = tuned().commit((database) -> {
			SQLiteErrorCode failure = code.get();
			if (failure != null) {
				throw new SQLiteException("as if", failure);
			}
			database.execute("COMMIT");
			return database;
		}).build();
		try (Committer committer = committer(this.folder.openFirst().database(), tuning, (database) -> database)) {
			createTable(committer);
			code.set(SQLiteErrorCode.SQLITE_IOERR);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> insert(committer, 1).get())
				.havingCause()
				.isInstanceOf(Refusal.class)
				.extracting((ex) -> ((Refusal) ex).detail())
				.asString()
				.endsWith("whether this call was applied is not known");
			code.set(SQLiteErrorCode.SQLITE_FULL);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> insert(committer, 2).get())
				.withCauseInstanceOf(SQLiteException.class);
			code.set(null);
			assertThat(insert(committer, 3).get()).isEqualTo(1);
			assertThat(values(committer)).containsExactly(3);
		}
	}

	/// A session that was rolled back would be missed at the next start.
	@Test
	void whatWasRolledBackIsNotWitnessed() throws Exception {
		Witness witness = witness();
		Database database = this.folder.openFirst().database();
		try (Committer committer = new Committer(database, this.folder::openWriter, TuningBuilder.standard(),
				new HotStates(0, System::nanoTime), witness, (each) -> each, () -> false)) {
			committer.start();
			createTable(committer);
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> committer.submit((each) -> {
				each.update("INSERT INTO steps VALUES (1)");
				witness.removed(7);
				throw new IllegalStateException("refused");
			}).get());
			assertThat(values(committer)).isEmpty();
			assertThat(this.path.resolve("witness")).isEmptyFile();
			committer.submit((each) -> {
				witness.removed(7);
				return each.update("INSERT INTO steps VALUES (1)");
			}).get();
			assertThat(this.path.resolve("witness")).hasSize(20);
		}
	}

	@Test
	void aTransactionTakesNoMoreTasksThanItMay() throws Exception {
		assertThat(sizes(tuned().batchLimit(3).build(), 7, 1)).containsExactly(3, 3, 1);
		assertThat(sizes(tuned().batchLimit(1).build(), 2, 1)).containsExactly(1, 1);
	}

	@Test
	void aTransactionTakesNoMoreTasksOnceItHasItsBytes() throws Exception {
		assertThat(sizes(tuned().batchBytes(100).build(), 5, 50)).containsExactly(2, 2, 1);
		assertThat(sizes(tuned().batchBytes(101).build(), 5, 50)).containsExactly(3, 2);
	}

	/// How many tasks each transaction takes of those that wait, each of which writes so
	/// many bytes.
	private List<Integer> sizes(Tuning tuning, int tasks, int bytes) throws Exception {
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		CountDownLatch go = new CountDownLatch(1);
		try (Committer committer = committer(this.folder.openFirst().database(),
				tuned(tuning).batchSizes(sizes::add).build(), (database) -> database)) {
			committer.submit((database) -> database.update("CREATE TABLE IF NOT EXISTS bytes (value BLOB)")).get();
			sizes.clear();
			List<CompletableFuture<Integer>> futures = new ArrayList<>();
			for (int i = 0; i < tasks; i++) {
				futures.add(committer.submit((database) -> {
					awaitLatch(go);
					return database.update("INSERT INTO bytes VALUES (?)", new byte[bytes]);
				}));
			}
			go.countDown();
			for (CompletableFuture<Integer> future : futures) {
				assertThat(future.get()).isEqualTo(1);
			}
		}
		return sizes;
	}

	/// What the log holds may be copied into the database, and so give room in the log.
	@Test
	void whoFindsNoRoomIsTriedAgainOnceTheLogIsLookedAfter() throws Exception {
		AtomicInteger lookedAfter = new AtomicInteger();
		try (Committer committer = committer(this.folder.openFirst().database(), TuningBuilder.standard(),
				(database) -> {
					lookedAfter.incrementAndGet();
					return database;
				})) {
			createTable(committer);
			Fixtures.await(() -> lookedAfter.get() == 1);
			CompletableFuture<Integer> future = committer.submit((database) -> {
				if (lookedAfter.get() == 1) {
					throw new SQLiteException("as if", SQLiteErrorCode.SQLITE_FULL);
				}
				return database.update("INSERT INTO steps VALUES (1)");
			});
			assertThat(future.get()).isEqualTo(1);
			assertThat(values(committer)).containsExactly(1);
		}
	}

	/// A connection that cannot roll back may have a transaction open.
	@Test
	void aFailedRollbackHasTheDatabaseOpenedAnew() throws Exception {
		Connection real = real();
		Connection failing = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement") && arguments[0].equals("ROLLBACK")) {
						throw new SQLException("as if");
					}
					try {
						return method.invoke(real, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		try (Committer committer = committer(Database.keepingStatements(failing, SqliteFiles.NO_LIMIT),
				TuningBuilder.standard(), (database) -> database)) {
			createTable(committer);
			CompletableFuture<Integer> refused = committer.submit((database) -> {
				database.update("INSERT INTO steps VALUES (1)");
				throw new SQLException("refused");
			});
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(refused::get)
				.withCauseInstanceOf(SQLException.class);
			assertThat(real.isClosed()).isTrue();
			assertThat(insert(committer, 2).get()).isEqualTo(1);
			assertThat(values(committer)).containsExactly(2);
		}
	}

	/// As if there were no memory for a line in the log.
	private static final class FailingAppender extends AppenderBase<ILoggingEvent> {

		private final AtomicInteger asked = new AtomicInteger();

		@Override
		protected void append(ILoggingEvent event) {
			this.asked.incrementAndGet();
			throw new OutOfMemoryError("as if");
		}

	}

}
