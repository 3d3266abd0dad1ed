package dev.adagrad.session.store.sqlite;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.session.store.Fixtures;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Expiry;
import dev.adagrad.session.store.Journal;
import dev.adagrad.session.store.KeptStates;
import dev.adagrad.session.store.Operations;
import dev.adagrad.session.store.SessionRow;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.TuningBuilder;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.session.store.Fixtures.at;
import static dev.adagrad.session.store.Fixtures.NO_KEY;
import static dev.adagrad.session.store.Fixtures.adding;
import static dev.adagrad.session.store.Fixtures.blocks;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.counting;
import static dev.adagrad.session.store.Fixtures.expiring;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.whole;
import static org.assertj.core.api.Assertions.assertThat;

/// Each write is told of, with how often the session was written until then; what only reads is not.
class OperationsJournalTest {

	private final List<String> told = new ArrayList<>();

	/// For how many bytes room was asked.
	private final List<Long> needed = new ArrayList<>();

	private final Journal journal = new Journal() {
		@Override
		public void wrote(SessionRow row) {
			OperationsJournalTest.this.told
				.add("wrote " + row.session().id() + " " + row.changes() + ", step " + row.session().version().step());
		}

		@Override
		public void removed(long key) {
			OperationsJournalTest.this.told.add("removed " + key);
		}
	};

	private final Operations operations = new Operations(Dialect.SQLITE, KeptStates.NONE, this.journal, 64, 1,
			Fixtures.NO_LIMITS);

	@TempDir
	private Path folder;

	private Database database;

	@BeforeEach
	void open() throws SQLException {
		new SqliteSessionStore(SqliteFiles.properties(this.folder, Durability.OS),
				new SessionsProperties(true, 1, Duration.ZERO), TuningBuilder.standard(), Quotas.NONE)
			.close();
		this.database = Database.keepingStatements(
				DriverManager.getConnection("jdbc:sqlite:" + this.folder.resolve("adagrad.db")),
				(database, bytes) -> this.needed.add(bytes));
	}

	@AfterEach
	void close() throws SQLException {
		this.database.close();
	}

	private String removed(String name) throws SQLException {
		return "removed " + this.database
			.one("SELECT session_key FROM sessions WHERE id = ?", (result) -> result.getLong(1), name)
			.orElseThrow();
	}

	@Test
	void eachWriteIsToldOfAndReadingIsNot() throws SQLException {
		this.operations.create(this.database, constants("a", 20, DType.F64, 0, 0));
		this.operations.create(this.database, constants("a", 20, DType.F64, 0, 0));
		this.operations.step(this.database, id("a"), NO_KEY, adding(1, new Selection.All()));
		this.operations.step(this.database, id("a"), NO_KEY, adding(1, at(3, 9)));
		this.operations.find(this.database, id("a"));
		this.operations.restore(this.database, id("a"), (session) -> {
		}, new Version(9, "x"),
				whole(blocks(counting(DType.F64, 20, 0), 20), Optional.of(blocks(counting(DType.F64, 20, 0), 20))));
		assertThat(this.told).containsExactly("wrote a 0, step 0", "wrote a 1, step 1", "wrote a 2, step 2",
				"wrote a 3, step 9");
		String removed = removed("a");
		this.operations.delete(this.database, id("a"), Optional.empty());
		assertThat(this.told).hasSize(5).last().isEqualTo(removed);
	}

	/// 4 KiB for a row, and the tensors; deleting must come through without. A sparse
	/// step is taken for 4 KiB around each range of each vector, and its elements, up to
	/// all of them.
	@Test
	void whatIsWrittenAsksForRoomBefore() throws SQLException {
		this.operations.create(this.database, constants("a", 2000, DType.F64, 0, 0));
		this.operations.step(this.database, id("a"), NO_KEY, adding(1, new Selection.All()));
		this.operations.step(this.database, id("a"), NO_KEY, adding(1, at(3)));
		this.operations.step(this.database, id("a"), NO_KEY, adding(1, at(3, 4, 5, 1000)));
		this.operations.restore(this.database, id("a"), (session) -> {
		}, new Version(9, "x"), whole(blocks(counting(DType.F64, 2000, 0), 2000),
				Optional.of(blocks(counting(DType.F64, 2000, 0), 2000))));
		this.operations.delete(this.database, id("a"), Optional.empty());
		assertThat(this.needed).containsExactly(4096L, 4096 + 32_000L, 4096 + 2 * (4096 + 8L),
				4096 + 2 * (2 * 4096 + 4 * 8L), 4096 + 32_000L);
	}

	@Test
	void anExpiredSessionThatMakesWayForANewOneIsGone() throws SQLException {
		this.operations.create(this.database, expiring("a", 20, Duration.ofHours(1)));
		String removed = removed("a");
		this.database.update("UPDATE sessions SET expires_at = 1");
		this.operations.create(this.database, constants("a", 20, DType.F64, 0, 0));
		assertThat(this.told).containsExactly("wrote a 0, step 0", removed, "wrote a 0, step 0");
		assertThat(this.database.all("SELECT session_key FROM garbage", (result) -> "removed " + result.getLong(1)))
			.containsExactly(removed);
	}

	@Test
	void whatHasExpiredForLongEnoughIsGone() throws SQLException {
		AtomicLong nanos = new AtomicLong();
		Expiry expiry = new Expiry(Dialect.SQLITE, this.journal, Duration.ofSeconds(10), nanos::get);
		this.operations.create(this.database, expiring("a", 20, Duration.ofHours(1)));
		String removed = removed("a");
		this.database.update("UPDATE sessions SET expires_at = 1");
		this.told.clear();
		expiry.removePortion(this.database);
		nanos.addAndGet(Duration.ofMillis(9_999).toNanos());
		expiry.removePortion(this.database);
		assertThat(this.told).isEmpty();
		nanos.addAndGet(Duration.ofMillis(2_500).toNanos());
		expiry.removePortion(this.database);
		assertThat(this.told).containsExactly(removed);
	}

}
