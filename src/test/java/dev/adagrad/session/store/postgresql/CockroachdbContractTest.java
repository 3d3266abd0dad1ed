package dev.adagrad.session.store.postgresql;

/// CockroachDB.
class CockroachdbContractTest extends DistributedContract {

	private static final PostgresServer SERVER = PostgresServer.startDistributed(DistributedEngine.COCKROACHDB);

	CockroachdbContractTest() {
		super(SERVER);
	}

}
