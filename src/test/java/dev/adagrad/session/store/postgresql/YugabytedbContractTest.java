package dev.adagrad.session.store.postgresql;

/// YugabyteDB.
class YugabytedbContractTest extends DistributedContract {

	private static final PostgresServer SERVER = PostgresServer.startDistributed(DistributedEngine.YUGABYTEDB);

	YugabytedbContractTest() {
		super(SERVER);
	}

}
