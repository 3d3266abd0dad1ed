package dev.adagrad.session.store.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.adagrad.session.Session;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.session.store.SessionRow;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/// What a witness says of a database that is whole, or of another day.
class WitnessTest {

	@TempDir
	private Path folder;

	private Database database;

	private Witness witness;

	@BeforeEach
	void open() throws IOException, SQLException {
		this.database = Database.keepingStatements(
				DriverManager.getConnection("jdbc:sqlite:" + this.folder.resolve("test.db")), SqliteFiles.NO_LIMIT);
		this.database.execute("CREATE TABLE sessions (session_key INTEGER PRIMARY KEY, changes INTEGER)");
		this.database.execute("CREATE TABLE garbage (session_key INTEGER PRIMARY KEY)");
		this.witness = Witness.open(file());
	}

	@AfterEach
	void close() throws SQLException {
		this.witness.close();
		this.database.close();
	}

	private Path file() {
		return this.folder.resolve("witness");
	}

	private static SessionRow row(long key, long changes) {
		Session session = new Session(Fixtures.id("s" + key), "", Fixtures.configuration(1, DType.F64, false),
				List.of(), Fixtures.digest(0), new Version(changes, "life"), 0, 0, Instant.EPOCH, Instant.EPOCH,
				Optional.empty());
		return new SessionRow(0, key, 1, 0, changes, 0, 0, session);
	}

	/// As a transaction that is committed.
	private void wrote(long key, long changes) {
		this.witness.begin();
		this.witness.wrote(row(key, changes));
		this.witness.committed();
	}

	private void removed(long key) {
		this.witness.begin();
		this.witness.removed(key);
		this.witness.committed();
	}

	/// What a process says that comes after this one.
	private Optional<String> missing() throws IOException, SQLException {
		Witness later = Witness.open(file());
		return later.missing(this.database);
	}

	private void stored(long key, long changes) throws SQLException {
		this.database.update("INSERT OR REPLACE INTO sessions VALUES (?, ?)", key, changes);
	}

	@Test
	void whoKnowsNothingMissesNothing() throws IOException, SQLException {
		assertThat(missing()).isEmpty();
	}

	@Test
	void aSessionHasAsManyChangesAsItHadOrMore() throws IOException, SQLException {
		wrote(1, 5);
		for (long changes : new long[] { 5, 6 }) {
			stored(1, changes);
			assertThat(missing()).isEmpty();
		}
		stored(1, 4);
		assertThat(missing()).contains("a session that was written 5 times since it was created is as it was after 4");
		stored(2, 5);
		assertThat(missing()).as("of another session").isPresent();
	}

	@Test
	void aSessionThatWasCreatedIsThereOrWasDiscarded() throws IOException, SQLException {
		wrote(1, 0);
		assertThat(missing()).contains("a session that was created is not there");
		this.database.update("INSERT INTO garbage VALUES (?)", 1);
		assertThat(missing()).isEmpty();
	}

	@Test
	void aSessionThatWasDeletedIsNotThereAgain() throws IOException, SQLException {
		stored(1, 5);
		removed(1);
		assertThat(missing()).contains("a session that was deleted is there again");
		this.database.update("DELETE FROM sessions");
		assertThat(missing()).isEmpty();
	}

	@Test
	void onlyWhatIsCommittedCounts() throws IOException, SQLException {
		stored(1, 5);
		wrote(1, 5);
		this.witness.begin();
		this.witness.wrote(row(1, 6));
		assertThat(missing()).isEmpty();
		// it was rolled back, and the next writes nothing
		this.witness.begin();
		this.witness.committed();
		assertThat(missing()).isEmpty();
		this.witness.wrote(row(1, 7));
		this.witness.committed();
		assertThat(missing()).isPresent();
	}

	@Test
	void whatIsTornSaysNothing() throws IOException, SQLException {
		wrote(1, 5);
		assertThat(missing()).isPresent();
		byte[] record = Files.readAllBytes(file());
		assertThat(record).hasSize(20);
		for (int i = 0; i < record.length; i++) {
			byte[] torn = record.clone();
			torn[i] ^= 1;
			Files.write(file(), torn);
			assertThat(missing()).isEmpty();
		}
		Files.write(file(), java.util.Arrays.copyOf(record, 19));
		assertThat(missing()).isEmpty();
	}

	@Test
	void aStoreThatIsClosedNeedsNone() {
		wrote(1, 5);
		this.witness.close();
		assertThat(file()).doesNotExist();
	}

}
