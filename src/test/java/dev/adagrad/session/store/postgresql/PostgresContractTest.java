package dev.adagrad.session.store.postgresql;

import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionStoreContract;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.Tuning;
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
	protected ManagedStore open(Tuning tuning, SessionsProperties sessions) {
		return new PostgresSessionStore(this.pool, sessions, tuning, Quotas.NONE, false);
	}

	@Override
	protected List<Long> sql(String sql) {
		return this.place.sql(sql);
	}

}
