package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionStoreContract;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.Tuning;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/// The contract over a server that speaks PostgreSQL's protocol. The tables are made once, because that takes longer than most
/// tests, and emptied after each test.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PostgresContract extends SessionStoreContract {

	private final Connection beside;

	private final HikariDataSource pool;

	private final boolean distribute;

	/// @param distribute whether the tables are to be spread over several servers
	PostgresContract(PostgresServer server, boolean distribute) {
		this.distribute = distribute;
		PostgresServer.Place place = server.newPlace();
		this.beside = place.connect();
		this.pool = place.pool();
	}

	@AfterEach
	void emptyTables() {
		sql("DELETE FROM sessions; DELETE FROM chunks; DELETE FROM step_keys; DELETE FROM garbage;"
				+ " UPDATE store_clock SET observed = 0");
	}

	@AfterAll
	void disconnect() throws SQLException {
		this.beside.close();
		this.pool.close();
	}

	@Override
	protected ManagedStore open(Tuning tuning, SessionsProperties sessions) {
		return new PostgresSessionStore(this.pool, sessions, tuning, Quotas.NONE, this.distribute);
	}

	@Override
	protected List<Long> sql(String sql) {
		return PostgresServer.sql(this.beside, sql);
	}

}
