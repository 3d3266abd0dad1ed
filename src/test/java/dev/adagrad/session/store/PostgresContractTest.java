package dev.adagrad.session.store;

import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;

/// PostgreSQL.
class PostgresContractTest extends SessionStoreContract {

	private final PostgresServer.Place place = PostgresServer.shared().newPlace();

	private final HikariDataSource pool = this.place.pool();

	@AfterEach
	void closePool() {
		this.pool.close();
	}

	@Override
	ManagedStore open(Tuning tuning, SessionsProperties sessions) {
		return new PostgresSessionStore(this.pool, sessions, tuning);
	}

	@Override
	List<Long> sql(String sql) {
		return this.place.sql(sql);
	}

}
