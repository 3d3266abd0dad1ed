package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.adagrad.caller.Quotas;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.session.store.Schema;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties.CheckAtStart;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.StoreProperties;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.TuningBuilder;
import dev.adagrad.session.store.UncheckedSqlException;
import dev.adagrad.session.store.Work;
import dev.adagrad.start.StartException;
import dev.adagrad.start.StartFailureAnalyzer;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.unit.DataSize;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.store.Fixtures.at;
import static dev.adagrad.session.store.Fixtures.G;
import static dev.adagrad.session.store.Fixtures.NO_KEY;
import static dev.adagrad.session.store.Fixtures.addingToAll;
import static dev.adagrad.session.store.Fixtures.await;
import static dev.adagrad.session.store.Fixtures.constant;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.counting;
import static dev.adagrad.session.store.Fixtures.given;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.plain;
import static dev.adagrad.session.store.Fixtures.state;
import static dev.adagrad.session.store.Fixtures.step;
import static dev.adagrad.session.store.TuningBuilder.tuned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/// What SQLite alone must do: one folder, one process; batches; a full disk; what cannot be opened.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SqliteSessionStoreTest {

	@TempDir
	private Path folder;

	private SqliteSessionStore open() {
		return open(TuningBuilder.standard());
	}

	private SqliteSessionStore open(Tuning tuning) {
		return open(this.folder, DataSize.ofBytes(0), tuning);
	}

	private static SqliteSessionStore open(Path folder, DataSize maxSize, Tuning tuning) {
		return new SqliteSessionStore(SqliteFiles.properties(folder, Durability.OS, maxSize),
				new SessionsProperties(true, 100, Duration.ZERO), tuning, Quotas.NONE);
	}

	/// The one sentence that an operator reads, and the one that says what to do.
	private static FailureAnalysis refusal(Path folder) {
		try {
			open(folder, DataSize.ofBytes(0), TuningBuilder.standard()).close();
		}
		catch (StartException ex) {
			FailureAnalysis analysis = Objects
				.requireNonNull(new StartFailureAnalyzer().analyze(new IllegalStateException("context", ex)));
			assertThat(analysis.getDescription()).contains(folder.toAbsolutePath().toString()).endsWith(".");
			assertThat(analysis.getAction()).endsWith(".");
			return analysis;
		}
		throw new AssertionError("it was opened");
	}

	@Test
	void aSecondStoreOnTheFolderIsRefused() {
		try (SqliteSessionStore first = open()) {
			assertThat(refusal(this.folder).getDescription()).endsWith("is in use by another process.");
			first.create(plain("a", 1));
		}
		open().close();
	}

	@Test
	void aFileInPlaceOfTheFolderIsRefused() throws IOException {
		Path file = Files.createFile(this.folder.resolve("file"));
		assertThat(refusal(file).getDescription()).contains("cannot be written to");
		assertThat(refusal(file.resolve("below")).getDescription()).contains("cannot be written to");
	}

	@Test
	void aMissingFolderIsMade() {
		open(this.folder.resolve("a/b"), DataSize.ofBytes(0), TuningBuilder.standard()).close();
		assertThat(this.folder.resolve("a/b/adagrad.db")).exists();
	}

	@Test
	void whatIsNoDatabaseIsRefused() throws IOException {
		Files.writeString(this.folder.resolve("adagrad.db"), "no database, but long enough for one. ".repeat(1000));
		assertThat(refusal(this.folder).getDescription()).endsWith("is no SQLite database.");
	}

	@Test
	void aNewerDatabaseIsRefused() {
		open().close();
		SqliteFiles.sql(this.folder, """
				INSERT INTO flyway_schema_history SELECT 99, '99', 'newer', type, 'V99__newer.sql', checksum,
					installed_by, installed_on, execution_time, success FROM flyway_schema_history LIMIT 1
				""");
		assertThat(refusal(this.folder).getDescription()).contains("version 99").contains("up to " + Schema.VERSION);
		SqliteFiles.sql(this.folder, "DELETE FROM flyway_schema_history WHERE version = '99'");
		open().close();
	}

	@Test
	void aDatabaseOfOthersIsRefused() {
		SqliteFiles.sql(this.folder, "CREATE TABLE cooking_recipes (x)");
		assertThat(refusal(this.folder).getDescription()).contains("could not be brought to version " + Schema.VERSION);
	}

	@Test
	void theVersionIsThatOfTheMigrations() throws IOException {
		try (var folders = Files.list(Path.of("src/main/resources/db/migration"))) {
			for (Path folder : folders.toList()) {
				try (var files = Files.list(folder)) {
					assertThat(files.map((file) -> file.getFileName().toString().replaceFirst("^V(\\d+)__.*", "$1"))
						.mapToInt(Integer::parseInt)
						.max()).as(folder.toString()).hasValue(Schema.VERSION);
				}
			}
		}
	}

	@Test
	void opensAfterTheFilesWereLeftAsTheyWere() throws IOException {
		Path copy = Files.createDirectory(this.folder.resolve("copy"));
		try (SqliteSessionStore store = open()) {
			store.create(constants("a", 1000, DType.F64, 1, 2));
			for (int i = 0; i < 10; i++) {
				store.step(id("a"), NO_KEY, addingToAll(1));
			}
			// as a process leaves them that is killed
			for (String file : List.of("adagrad.db", "adagrad.db-wal")) {
				Files.copy(this.folder.resolve(file), copy.resolve(file));
			}
		}
		try (SqliteSessionStore store = open(copy, DataSize.ofBytes(0), TuningBuilder.standard())) {
			assertThat(step(store, "a")).isEqualTo(10);
			assertThat(G(store, "a")).containsOnly(11);
		}
	}

	/// Cut, or with a bit that has turned over: SQLite itself takes neither for damage.
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aLogThatHasLostCommitsIsNotTakenForTheWhole(boolean cut) throws IOException {
		Path copy = Files.createDirectory(this.folder.resolve("copy"));
		Path original = this.folder.resolve("store");
		try (SqliteSessionStore store = new SqliteSessionStore(SqliteFiles.properties(original, Durability.FSYNC),
				new SessionsProperties(true, 100, Duration.ZERO), TuningBuilder.standard(), Quotas.NONE)) {
			store.create(plain("a", 10));
			for (int i = 0; i < 10; i++) {
				store.step(id("a"), NO_KEY, addingToAll(1));
			}
			// as a process leaves them that is killed
			for (String file : List.of("adagrad.db", "adagrad.db-wal", "adagrad.witness")) {
				Files.copy(original.resolve(file), copy.resolve(file));
			}
		}
		assertThat(original.resolve("adagrad.witness")).as("of a store that was closed").doesNotExist();
		Path log = copy.resolve("adagrad.db-wal");
		byte[] bytes = Files.readAllBytes(log);
		byte[] damaged = cut ? Arrays.copyOf(bytes, bytes.length - 1) : bytes.clone();
		damaged[damaged.length - 5000] ^= 1;
		Files.write(log, damaged);
		StartException refusal = catchThrowableOfType(StartException.class, () -> open(copy, Durability.FSYNC));
		assertThat(refusal.getMessage()).contains("written 10 times", "as it was after 9");
		assertThat(refusal.action()).contains("adagrad.witness");
		open(copy, Durability.OS).close();
		assertThat(copy.resolve("adagrad.witness")).doesNotExist();
		open(copy, Durability.FSYNC).close();
	}

	private static SqliteSessionStore open(Path folder, Durability durability) {
		return new SqliteSessionStore(SqliteFiles.properties(folder, durability),
				new SessionsProperties(true, 100, Duration.ZERO), TuningBuilder.standard(), Quotas.NONE);
	}

	/// A process that is killed has closed nothing.
	@Test
	void theWitnessOfAKilledProcessLetsAllPassThatIsWhole() throws IOException {
		Path original = this.folder.resolve("store");
		try (SqliteSessionStore store = open(original, Durability.FSYNC)) {
			int copies = 0;
			for (Runnable call : List.<Runnable>of(() -> store.create(plain("a", 10)),
					() -> store.step(id("a"), NO_KEY, addingToAll(1)), () -> store.create(plain("b", 10)),
					() -> store.delete(id("b"), Optional.empty()), () -> store.delete(id("a"), Optional.empty()))) {
				call.run();
				Path copy = Files.createDirectory(this.folder.resolve("copy" + copies++));
				for (String file : List.of("adagrad.db", "adagrad.db-wal", "adagrad.witness")) {
					Files.copy(original.resolve(file), copy.resolve(file));
				}
				open(copy, Durability.FSYNC).close();
			}
		}
	}

	/// Not an exception, which would make readiness a 500.
	@Test
	void aFileThatIsDamagedThroughoutIsTrouble() throws IOException {
		Path store = this.folder.resolve("store");
		try (SqliteSessionStore filled = open(store, Durability.OS)) {
			filled.create(plain("a", 10));
		}
		try (SqliteSessionStore opened = open(store, Durability.OS)) {
			Path file = store.resolve("adagrad.db");
			try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
				byte[] noise = new byte[(int) Files.size(file) - 4096];
				Arrays.fill(noise, (byte) 0x5A);
				channel.write(ByteBuffer.wrap(noise), 4096);
			}
			assertThat(opened.trouble()).hasValueSatisfying((text) -> assertThat(text).contains("damaged"));
			assertThatRefusal(Code.STORE_DAMAGED, () -> opened.find(id("a")));
		}
	}

	/// Else a full disk could end the process, by a hole in a mapped file.
	@Test
	void theIndexOfTheLogHasItsRoomInAdvance() throws IOException {
		Path store = this.folder.resolve("store");
		try (SqliteSessionStore opened = open(store, Durability.OS)) {
			opened.create(plain("a", 10));
			assertThat(Files.size(store.resolve("adagrad.db-shm"))).isEqualTo(4 << 20);
			assertThat(SqliteFiles.sql(store, "SELECT count(*) FROM sessions")).containsExactly(1L);
			opened.create(plain("b", 10));
		}
		assertThat(store.resolve("adagrad.db-shm")).doesNotExist();
	}

	@Test
	void aDamagedFileIsFoundAtTheStartWhereThatIsAsked() throws IOException {
		Path store = this.folder.resolve("store");
		try (SqliteSessionStore filled = open(store, Durability.OS)) {
			filled.create(constants("a", 100_000, DType.F64, 1, 2));
			filled.step(id("a"), NO_KEY, addingToAll(1));
		}
		for (CheckAtStart check : CheckAtStart.values()) {
			open(store, check).close();
		}
		Path file = store.resolve("adagrad.db");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
			byte[] noise = new byte[4096];
			Arrays.fill(noise, (byte) 0x5A);
			// in the middle of a tensor: a link of its chain of pages
			channel.write(ByteBuffer.wrap(noise), Files.size(file) / 4096 / 2 * 4096);
		}
		open(store, CheckAtStart.NONE).close();
		for (CheckAtStart check : List.of(CheckAtStart.QUICK, CheckAtStart.FULL)) {
			assertThatExceptionOfType(StartException.class).isThrownBy(() -> open(store, check))
				.withMessageContaining("is damaged");
		}
	}

	private static SqliteSessionStore open(Path folder, CheckAtStart check) {
		return new SqliteSessionStore(
				new StoreProperties(StoreProperties.Kind.SQLITE, folder, Durability.OS, DataSize.ofBytes(0),
						DataSize.ofBytes(0), check, false),
				new SessionsProperties(true, 1000, Duration.ZERO), TuningBuilder.standard(), Quotas.NONE);
	}

	@Test
	void nobodyElseMayReadOrWriteTheFiles() throws IOException {
		Path store = this.folder.resolve("store");
		try (SqliteSessionStore opened = open(store, Durability.OS)) {
			opened.create(plain("a", 1));
			assertThat(modes(store)).containsEntry("store", "rwx------");
			for (String file : List.of("adagrad.db", "adagrad.db-wal", "adagrad.db-shm", "adagrad.lock",
					"adagrad.witness")) {
				assertThat(modes(store)).containsEntry(file, "rw-------");
			}
		}
		Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwxr-x---"));
		Files.setPosixFilePermissions(store.resolve("adagrad.db"), PosixFilePermissions.fromString("rw-r--r--"));
		open(store, Durability.OS).close();
		assertThat(modes(store)).containsEntry("store", "rwxr-x---").containsEntry("adagrad.db", "rw-------");
	}

	private static Map<String, String> modes(Path folder) throws IOException {
		Map<String, String> modes = new HashMap<>();
		try (Stream<Path> files = Files.walk(folder, 1)) {
			for (Path file : files.toList()) {
				modes.put(file.getFileName().toString(),
						PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
			}
		}
		return modes;
	}

	@Test
	void aDatabaseThatIsMovedOrReplacedIsNoticed() throws IOException {
		Path file = this.folder.resolve("adagrad.db");
		Path elsewhere = this.folder.resolve("elsewhere.db");
		try (SqliteSessionStore store = open(tuned().sweepInterval(Duration.ofMillis(1)).build())) {
			store.create(plain("a", 10));
			Files.move(file, elsewhere);
			await(() -> refusesAsUnavailable(() -> store.step(id("a"), NO_KEY, addingToAll(1))));
			assertThat(store.trouble()).hasValueSatisfying((text) -> assertThat(text).contains("moved"));
			assertThat(refusesAsUnavailable(() -> store.find(id("a")))).isTrue();
			assertThat(refusesAsUnavailable(() -> state(store, "a"))).isTrue();
			assertThat(file).doesNotExist();
			Files.createFile(file);
			assertThat(store.trouble()).isPresent();
			Files.move(elsewhere, file, StandardCopyOption.REPLACE_EXISTING);
			assertThat(store.trouble()).isEmpty();
			long before = step(store, "a");
			assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(before + 1);
			assertThat(G(store, "a")).containsOnly((double) (before + 1));
		}
		try (SqliteSessionStore store = open()) {
			assertThat(step(store, "a")).isPositive();
		}
	}

	private static boolean refusesAsUnavailable(Runnable call) {
		try {
			call.run();
			return false;
		}
		catch (Refusal ex) {
			return true;
		}
	}

	@Test
	void theLogIsGoneWhenTheStoreIsClosed() {
		try (SqliteSessionStore store = open()) {
			store.create(plain("a", 1));
			G(store, "a");
			assertThat(this.folder.resolve("adagrad.db-wal")).exists();
		}
		assertThat(this.folder.resolve("adagrad.db-wal")).doesNotExist();
	}

	@Test
	void whatWaitsIsCommittedTogether() throws Exception {
		List<Integer> batches = new CopyOnWriteArrayList<>();
		List<Future<Version>> futures = new CopyOnWriteArrayList<>();
		AtomicBoolean toldTooEarly = new AtomicBoolean();
		Work<?> commit = (database) -> {
			toldTooEarly.set(futures.stream().anyMatch(Future::isDone));
			database.execute("COMMIT");
			return database;
		};
		CountDownLatch go = new CountDownLatch(1);
		try (SqliteSessionStore store = open(tuned().commit(commit).batchSizes(batches::add).build());
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 20; i++) {
				store.create(plain("s" + i, 10));
			}
			batches.clear();
			CountDownLatch inFirst = new CountDownLatch(1);
			futures.add(threads.submit(() -> store.step(id("s0"), NO_KEY, (session, remembered) -> {
				inFirst.countDown();
				awaitLatch(go);
				return addingToAll(1).plan(session, remembered);
			})));
			awaitLatch(inFirst);
			IntStream.range(1, 20)
				.forEach((i) -> futures.add(threads.submit(() -> store.step(id("s" + i), NO_KEY, addingToAll(1)))));
			await(() -> store.waiting() == 19);
			go.countDown();
			for (Future<Version> future : futures) {
				assertThat(future.get(60, TimeUnit.SECONDS).step()).isEqualTo(1);
			}
			assertThat(batches).containsExactly(20);
			assertThat(toldTooEarly).isFalse();
		}
		finally {
			go.countDown();
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

	@Test
	void whatFailsInABatchFailsAlone() throws Exception {
		List<Integer> batches = new CopyOnWriteArrayList<>();
		AtomicBoolean fail = new AtomicBoolean();
		Work<?> commit = (database) -> {
			if (fail.getAndSet(false)) {
				throw new SQLException("the disk failed");
			}
			database.execute("COMMIT");
			return database;
		};
		try (SqliteSessionStore store = open(tuned().commit(commit).batchSizes(batches::add).build())) {
			store.create(plain("a", 10));
			fail.set(true);
			assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).as("run again, alone").isEqualTo(1);
			assertThat(G(store, "a")).containsOnly(1);
		}
	}

	/// As SQLite does by itself where a query finds no room for pages that it must write
	/// first: all that the transaction held is gone, and each statement that follows
	/// would be a transaction of its own.
	@Test
	void aTransactionThatIsGoneTakesNoStepWithItAndDoublesNone() throws Exception {
		Tuning tuning = TuningBuilder.standard();
		SqliteFolder locked = SqliteFolder
			.lock(SqliteFiles.properties(this.folder, Durability.OS, DataSize.ofBytes(0)));
		try (locked) {
			HotStates hotStates = new HotStates(0, System::nanoTime);
			SqliteFolder.First opened = locked.openFirst();
			try (Committer committer = new Committer(opened.database(), locked::openWriter, tuning, hotStates,
					opened.witness(), (database) -> database, () -> false)) {
				committer.start();
				CountDownLatch go = new CountDownLatch(1);
				var _ = committer.submit((database) -> database.update("CREATE TABLE steps (client INTEGER)"));
				var first = committer.submit((database) -> {
					awaitLatch(go);
					return database.update("INSERT INTO steps VALUES (1)");
				});
				var failing = committer.submit((database) -> {
					database.execute("ROLLBACK");
					throw new SQLException("as if full");
				});
				var wrapped = committer.submit((database) -> {
					database.execute("ROLLBACK");
					throw new UncheckedSqlException(new SQLException("as if full"));
				});
				var last = committer.submit((database) -> database.update("INSERT INTO steps VALUES (2)"));
				go.countDown();
				assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(1);
				assertThat(last.get(60, TimeUnit.SECONDS)).isEqualTo(1);
				assertThat(failing).failsWithin(Duration.ofSeconds(60))
					.withThrowableThat()
					.withCauseInstanceOf(SQLException.class);
				assertThat(wrapped).failsWithin(Duration.ofSeconds(60))
					.withThrowableThat()
					.withCauseInstanceOf(UncheckedSqlException.class);
			}
		}
		assertThat(SqliteFiles.sql(this.folder, "SELECT client FROM steps ORDER BY client")).containsExactly(1L, 2L);
	}

	@Test
	void anErrorInAStepLeavesTheCommitterAlive() {
		try (SqliteSessionStore store = open()) {
			store.create(plain("a", 10));
			OutOfMemoryError error = new OutOfMemoryError("as if");
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(OutOfMemoryError.class)
					.isThrownBy(() -> store.step(id("a"), NO_KEY, (session, remembered) -> {
						throw error;
					}))
					.isSameAs(error);
			}
			assertThat(store.step(id("a"), NO_KEY, addingToAll(1)).step()).isEqualTo(1);
		}
	}

	@Test
	void aCallerThatIsInterruptedDoesNotUndoItsStep() throws Exception {
		try (SqliteSessionStore store = open()) {
			store.create(plain("a", 10));
			CountDownLatch inStep = new CountDownLatch(1);
			CountDownLatch go = new CountDownLatch(1);
			Thread caller = Thread.ofVirtual().start(() -> store.step(id("a"), NO_KEY, (session, remembered) -> {
				inStep.countDown();
				awaitLatch(go);
				return addingToAll(1).plan(session, remembered);
			}));
			awaitLatch(inStep);
			caller.interrupt();
			assertThat(caller.join(Duration.ofSeconds(60))).isTrue();
			go.countDown();
			await(() -> step(store, "a") == 1);
		}
	}

	@Test
	void whenFullItRefusesAndStaysReadable() throws Exception {
		try (SqliteSessionStore store = open(this.folder, DataSize.ofMegabytes(2), TuningBuilder.standard());
				ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			store.create(given("small", counting(DType.F64, 1000, 0), counting(DType.F64, 1000, 0), 1000));
			store.create(constants("large", 500_000, DType.F64, 1, 2));
			assertThatRefusal(Code.STORE_FULL, () -> store.step(id("large"), NO_KEY, addingToAll(1)));
			assertThatRefusal(Code.STORE_FULL, () -> store
				.create(given("other", constant(DType.F64, 500_000, 0), constant(DType.F64, 500_000, 0), 100_000)));
			assertThat(store.find(id("other"))).isEmpty();
			List<Future<Integer>> small = IntStream.range(0, 4).mapToObj((thread) -> threads.submit(() -> {
				for (int i = 0; i < 25; i++) {
					store.step(id("small"), NO_KEY, addingToAll(1));
				}
				return thread;
			})).toList();
			for (int i = 0; i < 5; i++) {
				assertThatRefusal(Code.STORE_FULL, () -> store.step(id("large"), NO_KEY, addingToAll(1)));
			}
			for (Future<Integer> future : small) {
				future.get(60, TimeUnit.SECONDS);
			}
			assertThat(step(store, "small")).isEqualTo(100);
			assertThat(G(store, "small")).isEqualTo(Fixtures.elementsOf(counting(DType.F64, 1000, 100)));
			assertThat(step(store, "large")).isZero();
			assertThat(G(store, "large")).containsOnly(1);
			assertThat(
					Fixtures.elementsOf(store.read(id("large"), (session, stored) -> stored.elements(at(499_999)).G())))
				.containsExactly(1);
			store.delete(id("large"), Optional.empty());
		}
	}

	/// At no time, though at each one of them a reading is under way: each ends when the
	/// next has begun, or, where none may, after 50 steps more.
	@Test
	void theLogDoesNotGrowUnderLongReadings() throws Exception {
		int size = 100_000;
		try (SqliteSessionStore store = open(); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			store.create(constants("a", size, DType.F64, 0, 0));
			AtomicBoolean stop = new AtomicBoolean();
			AtomicInteger steps = new AtomicInteger();
			AtomicInteger begun = new AtomicInteger();
			List<Future<Integer>> readers = IntStream.range(0, 2).mapToObj((thread) -> threads.submit(() -> {
				while (!stop.get()) {
					store.read(id("a"), (session, stored) -> {
						int reading = begun.incrementAndGet();
						int last = steps.get() + 50;
						await(() -> begun.get() > reading || steps.get() >= last || stop.get());
						return reading;
					});
				}
				return thread;
			})).toList();
			await(() -> begun.get() > 0);
			long longest = 0;
			try {
				for (int i = 0; i < 500; i++) {
					store.step(id("a"), NO_KEY, addingToAll(1));
					steps.incrementAndGet();
					longest = Math.max(longest, Files.size(this.folder.resolve("adagrad.db-wal")));
				}
			}
			finally {
				stop.set(true);
			}
			for (Future<Integer> reader : readers) {
				reader.get(60, TimeUnit.SECONDS);
			}
			// 500 steps write 800 MB, 50 of them 80
			assertThat(longest).isLessThan(400L << 20);
			assertThat(begun).hasValueGreaterThan(4);
			assertThat(G(store, "a")[size - 1]).isEqualTo(500);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 512, 4096, 65_536 })
	void aDatabaseKeepsItsPagesAndObeysTheSameLimits(int pageBytes) throws IOException {
		long most = DataSize.ofMegabytes(4).toBytes();
		// chunks of whole pages, whatever these are
		Tuning large = tuned().chunkBytes(1 << 20).build();
		try (SqliteSessionStore store = open(this.folder, DataSize.ofBytes(0), large)) {
			store.create(constants("a", 100_000, DType.F64, 0, 0));
			store.create(constants("b", 100_000, DType.F64, 0, 0));
			store.create(constants("c", 100_000, DType.F64, 0, 0));
		}
		SqliteFiles.remake(this.folder, pageBytes);
		try (SqliteSessionStore store = open(this.folder, DataSize.ofBytes(most), large)) {
			for (int i = 0; i < 60; i++) {
				store.step(id("a"), NO_KEY, addingToAll(1));
			}
			// 60 steps write 96 MB
			assertThat(Files.size(this.folder.resolve("adagrad.db-wal"))).isBetween(32L << 20, 36L << 20);
			store.step(id("b"), NO_KEY, addingToAll(1));
			assertThatRefusal(Code.STORE_FULL, () -> store.step(id("c"), NO_KEY, addingToAll(1)));
			assertThatRefusal(Code.STORE_FULL, () -> {
				for (int i = 0; i < 100; i++) {
					store.create(constants("small" + i, 4000, DType.F64, 0, 0));
					store.step(id("small" + i), NO_KEY, addingToAll(1));
				}
			});
		}
		assertThat(SqliteFiles.sql(this.folder, "PRAGMA page_size")).containsExactly((long) pageBytes);
		// 64,000 bytes of values found no room
		assertThat(Files.size(this.folder.resolve("adagrad.db"))).isBetween(most - 200_000, most);
		try (SqliteSessionStore store = open()) {
			assertThat(G(store, "a")).containsOnly(60);
		}
	}

}
