package dev.adagrad.session.store.postgresql;

import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionStoreContract;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.Tuning;
import org.junit.jupiter.api.AfterEach;

/// The contract over a server that speaks PostgreSQL's protocol.
abstract class PostgresContract extends SessionStoreContract {

	private final PostgresServer.Place place;

	private final HikariDataSource pool;

	private final boolean distribute;

	/// @param distribute whether the tables are to be spread over several servers
	PostgresContract(PostgresServer server, boolean distribute) {
		this.distribute = distribute;
		this.place = server.newPlace();
		this.pool = this.place.pool();
	}

	@AfterEach
	void closePool() {
		this.pool.close();
	}

	@Override
	protected ManagedStore open(Tuning tuning, SessionsProperties sessions) {
		return new PostgresSessionStore(this.pool, sessions, tuning, Quotas.NONE, this.distribute);
	}

	@Override
	protected List<Long> sql(String sql) {
		return this.place.sql(sql);
	}

}
