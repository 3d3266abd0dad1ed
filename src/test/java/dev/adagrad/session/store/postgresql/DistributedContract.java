package dev.adagrad.session.store.postgresql;

import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.ManagedStore;
import dev.adagrad.session.store.SessionStoreContract;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.Tuning;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/// A distributed engine. Run by the profile `distributed`, since it needs images that not every machine can pull.
@Tag("distributed")
abstract class DistributedContract extends SessionStoreContract {

	private final PostgresServer.Place place;

	private final HikariDataSource pool;

	DistributedContract(PostgresServer server) {
		this.place = server.newPlace();
		this.pool = this.place.pool();
	}

	@AfterEach
	void closePool() {
		this.pool.close();
	}

	@Override
	protected ManagedStore open(Tuning tuning, SessionsProperties sessions) {
		return new PostgresSessionStore(this.pool, sessions, tuning, Quotas.NONE, true);
	}

	@Override
	protected List<Long> sql(String sql) {
		return this.place.sql(sql);
	}

}
