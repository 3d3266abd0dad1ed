package dev.adagrad.session.store.postgresql;

import dev.adagrad.BesideOthers;

/// PostgreSQL.
@BesideOthers
class PostgresContractTest extends PostgresContract {

	PostgresContractTest() {
		super(PostgresServer.shared(), false);
	}

}
