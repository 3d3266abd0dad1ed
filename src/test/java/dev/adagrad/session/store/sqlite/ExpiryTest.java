package dev.adagrad.session.store.sqlite;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.adagrad.session.store.Fixtures;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Expiry;
import dev.adagrad.session.store.Journal;
import dev.adagrad.session.store.KeptStates;
import dev.adagrad.session.store.Operations;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.TuningBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.session.store.Fixtures.expiring;
import static org.assertj.core.api.Assertions.assertThat;

/// The clock by which expired sessions are removed, with a grace of ten seconds: it is looked at when two and a half have
/// passed.
class ExpiryTest {

	private final AtomicLong nanos = new AtomicLong();

	private final Operations operations = new Operations(Dialect.SQLITE, KeptStates.NONE, Journal.NONE, 64, 1,
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
				DriverManager.getConnection("jdbc:sqlite:" + this.folder.resolve("adagrad.db")), SqliteFiles.NO_LIMIT);
	}

	@AfterEach
	void close() throws SQLException {
		this.database.close();
	}

	private Expiry service() {
		return new Expiry(Dialect.SQLITE, Journal.NONE, Duration.ofSeconds(10), this.nanos::get);
	}

	private void create(String name) throws SQLException {
		this.operations.create(this.database, expiring(name, 1, Duration.ofHours(1)));
	}

	private void expire(String name) throws SQLException {
		this.database.update("UPDATE sessions SET expires_at = 1 WHERE id = ?", name);
	}

	private void pass(int seconds) {
		this.nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
	}

	private long there() throws SQLException {
		return this.database.one("SELECT count(*) FROM sessions", (result) -> result.getLong(1)).orElseThrow();
	}

	@Test
	void eachSecondCountsOnce() throws SQLException {
		create("a");
		expire("a");
		Expiry service = service();
		service.removePortion(this.database);
		assertRemovedAfterTheGrace(1, service);
	}

	@Test
	void aSecondOfTwoServicesCountsOnce() throws SQLException {
		Expiry one = service();
		Expiry other = service();
		create("a");
		create("b");
		expire("a");
		one.removePortion(this.database);
		expire("b");
		other.removePortion(this.database);
		assertRemovedAfterTheGrace(2, one, other);
	}

	@Test
	void whoLooksForTheFirstTimeCountsNothing() throws SQLException {
		Expiry one = service();
		Expiry other = service();
		create("a");
		expire("a");
		one.removePortion(this.database);
		assertRemovedAfterTheGrace(1, one, other);
	}

	/// The grace is of ten seconds, and each of the services looks every three.
	private void assertRemovedAfterTheGrace(int sessions, Expiry... services) throws SQLException {
		for (int i = 0; i < 3; i++) {
			pass(3);
			for (Expiry service : services) {
				service.removePortion(this.database);
			}
			assertThat(there()).isEqualTo(sessions);
		}
		pass(3);
		services[0].removePortion(this.database);
		assertThat(there()).isZero();
	}

	/// As after a jump of the database's clock, forth and back.
	@Test
	void whatIsNotExpiredAnyMoreHasAllOfItsGraceTheNextTime() throws SQLException {
		create("a");
		expire("a");
		Expiry service = service();
		service.removePortion(this.database);
		pass(9);
		this.database.update("UPDATE sessions SET expires_at = 4102444800000");
		service.removePortion(this.database);
		expire("a");
		service.removePortion(this.database);
		pass(9);
		service.removePortion(this.database);
		assertThat(there()).isEqualTo(1);
		pass(3);
		service.removePortion(this.database);
		assertThat(there()).isZero();
	}

	@Test
	void aHundredAreRemovedAtATime() throws SQLException {
		for (int i = 0; i < 101; i++) {
			create("s" + i);
		}
		this.database.update("UPDATE sessions SET expires_at = 1");
		Expiry service = service();
		assertThat(service.removePortion(this.database)).isFalse();
		pass(11);
		assertThat(service.removePortion(this.database)).as("there may be more").isTrue();
		assertThat(there()).isEqualTo(1);
		pass(3);
		assertThat(service.removePortion(this.database)).isFalse();
		assertThat(there()).isZero();
	}

}
