package dev.adagrad.session.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.session.store.sqlite.WriteAheadLog.Length;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// A log of real pages, each of which counts as 1 MiB: a commit here adds just one.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriteAheadLogTest {

	private static final long MB = 1 << 20;

	@TempDir
	private Path folder;

	private final AtomicLong free = new AtomicLong(Long.MAX_VALUE / 4);

	private final AtomicBoolean drained = new AtomicBoolean();

	private final ReadGate gate = new ReadGate(() -> this.drained.set(true));

	private final WriteAheadLog log = new WriteAheadLog((int) MB, this.gate, this.free::get, Optional.empty());

	private Connection connection;

	private Database database;

	@BeforeEach
	void open() throws SQLException {
		this.connection = connect();
		this.database = Database.keepingStatements(this.connection, SqliteFiles.NO_LIMIT);
		for (String sql : new String[] { "PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0",
				"CREATE TABLE counter (value INTEGER)", "INSERT INTO counter VALUES (0)",
				"PRAGMA wal_checkpoint(TRUNCATE)" }) {
			execute(this.connection, sql);
		}
	}

	@AfterEach
	void close() throws SQLException {
		this.database.close();
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:sqlite:" + this.folder.resolve("test.db"));
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private void commit(int times) throws SQLException {
		for (int i = 0; i < times; i++) {
			this.database.update("UPDATE counter SET value = value + 1");
		}
	}

	/// Sees what is there now for as long as it is open.
	private Connection reader() throws SQLException {
		Connection reader = connect();
		execute(reader, "BEGIN");
		execute(reader, "SELECT value FROM counter");
		return reader;
	}

	private void assertLookedAfter(long whole, long copied) throws SQLException {
		assertThat(this.log.lookAfter(this.database)).isEqualTo(new Length(whole * MB, copied * MB));
	}

	@Test
	void itIsCopiedWhenThereIsEnoughOfIt() throws SQLException {
		commit(31);
		assertLookedAfter(31, 0);
		commit(1);
		assertLookedAfter(32, 32);
		commit(1);
		// it has begun anew
		assertLookedAfter(1, 0);
	}

	/// What is to be copied needs its room once more, and so does the next batch, for
	/// which 20 MiB are spared.
	@ParameterizedTest(name = "{0} MiB free")
	@CsvSource({ "20, 1", "21, 1", "22, 2", "40, 11", "60, 21", "80, 31", "82, 32", "1000, 32" })
	void onADiskThatIsNearlyFullItIsCopiedEarly(long freeMegabytes, int pages) throws SQLException {
		this.free.set(freeMegabytes * MB);
		for (int i = 1; i < pages; i++) {
			commit(1);
			assertLookedAfter(i, 0);
		}
		commit(1);
		assertLookedAfter(pages, pages);
	}

	@Test
	void whoComesToALogThatIsTooLongWaitsUntilItIsCopied() throws Exception {
		this.gate.enter();
		Thread waiting;
		try (Connection reader = reader()) {
			commit(255);
			assertLookedAfter(255, 0);
			assertEnters();
			commit(1);
			assertLookedAfter(256, 0);
			waiting = assertWaits();
			commit(10);
			assertLookedAfter(266, 0);
			assertThat(waiting.isAlive()).isTrue();
			assertThat(reader.isClosed()).isFalse();
		}
		assertThat(this.drained).isFalse();
		this.gate.leave();
		assertThat(this.drained).isTrue();
		assertLookedAfter(266, 266);
		assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
		commit(1);
		assertLookedAfter(1, 0);
	}

	/// Though most of it is copied, it cannot begin anew.
	@Test
	void aLongLogOfWhichLittleIsLeftIsTooLongAllTheSame() throws Exception {
		commit(240);
		this.gate.enter();
		Thread waiting;
		try (Connection reader = reader()) {
			assertLookedAfter(240, 240);
			commit(15);
			assertLookedAfter(255, 240);
			assertEnters();
			commit(1);
			assertLookedAfter(256, 240);
			waiting = assertWaits();
			assertThat(reader.isClosed()).isFalse();
		}
		this.gate.leave();
		assertLookedAfter(256, 256);
		assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
	}

	/// Nobody is in its way.
	@Test
	void aLongLogWithoutReadingsKeepsNobodyOut() throws Exception {
		commit(300);
		assertLookedAfter(300, 300);
		assertEnters();
	}

	/// As where somebody else has copied it.
	@Test
	void aShortLogLetsInWhoWaits() throws Exception {
		this.gate.shut();
		Thread waiting = assertWaits();
		commit(1);
		assertLookedAfter(1, 0);
		assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
	}

	/// Where commits do not wait for the disk, it is told how long the log is: after 4
	/// MiB the disk is asked to have it.
	@Test
	void whatIsToBeBroughtToTheDiskIsTold() throws Exception {
		Semaphore synced = new Semaphore(0);
		try (LogWriteback writeback = new LogWriteback(synced::release)) {
			WriteAheadLog told = new WriteAheadLog((int) MB, this.gate, this.free::get, Optional.of(writeback));
			commit(3);
			told.lookAfter(this.database);
			commit(1);
			told.lookAfter(this.database);
			assertThat(synced.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(synced.availablePermits()).as("more").isZero();
	}

	private void assertEnters() throws InterruptedException {
		Thread reading = Thread.ofVirtual().start(() -> {
			this.gate.enter();
			this.gate.leave();
		});
		assertThat(reading.join(Duration.ofSeconds(30))).as("comes in").isTrue();
	}

	private Thread assertWaits() {
		Thread reading = Thread.ofVirtual().start(this.gate::enter);
		Fixtures.await(() -> reading.getState() == Thread.State.WAITING);
		return reading;
	}

}
