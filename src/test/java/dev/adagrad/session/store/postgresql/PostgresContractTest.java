package dev.adagrad.session.store.postgresql;

/// PostgreSQL.
class PostgresContractTest extends PostgresContract {

	PostgresContractTest() {
		super(PostgresServer.shared(), false);
	}

}
