package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.refusal.Code;
import dev.adagrad.session.store.Database;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;

/// A disk that the test says is as full as it likes.
class DiskRoomTest {

	private static final long MIN_FREE = 6_000_001;

	@TempDir
	private Path folder;

	private final AtomicLong free = new AtomicLong(100_000_000);

	private DiskRoom room;

	@BeforeEach
	void open() {
		this.room = new DiskRoom(this.folder, MIN_FREE, this.free::get);
	}

	private Path reserve() {
		return this.folder.resolve("adagrad.reserve");
	}

	@Test
	void whatNeedsRoomIsRefusedBeforeTheDiskIsFull() throws SQLException {
		try (Database database = database()) {
			this.room.keep();
			this.free.set(MIN_FREE - MIN_FREE / 2 + 2000);
			this.room.require(database, 1000);
			assertThatRefusal(Code.STORE_FULL, () -> this.room.require(database, 1001))
				.withMessageContaining("adagrad.store.min-free")
				.withMessageContaining("6000001");
		}
	}

	/// Pages that what was deleted has left.
	@Test
	void pagesThatTheDatabaseDoesNotUseAreRoom() throws SQLException {
		try (Database database = database()) {
			database.execute("CREATE TABLE filler (data)");
			database.update("INSERT INTO filler VALUES (zeroblob(9000000))");
			this.free.set(100);
			assertThatRefusal(Code.STORE_FULL, () -> this.room.require(database, 1000));
			database.update("DELETE FROM filler");
			this.room.require(database, 1000);
		}
	}

	@Test
	void theReserveIsHalfAndIsGivenUpAndMadeAgain() throws IOException {
		this.room.keep();
		assertThat(Files.size(reserve())).isEqualTo(MIN_FREE / 2);
		assertThat(this.room.release()).isTrue();
		assertThat(reserve()).doesNotExist();
		assertThat(this.room.release()).as("a second time").isFalse();
		this.free.set(MIN_FREE - 1);
		this.room.keep();
		assertThat(reserve()).as("where there is no room for it").doesNotExist();
		this.free.set(MIN_FREE);
		this.room.keep();
		assertThat(Files.size(reserve())).isEqualTo(MIN_FREE / 2);
	}

	@Test
	void withoutASettingNothingIsKept() throws SQLException {
		DiskRoom none = new DiskRoom(this.folder, 0, () -> 0);
		try (Database database = database()) {
			none.keep();
			none.require(database, 1000);
			assertThat(reserve()).doesNotExist();
		}
	}

	private Database database() throws SQLException {
		return Database.keepingStatements(DriverManager.getConnection("jdbc:sqlite:" + this.folder.resolve("test.db")),
				SqliteFiles.NO_LIMIT);
	}

}
