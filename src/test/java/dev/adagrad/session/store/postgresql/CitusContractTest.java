package dev.adagrad.session.store.postgresql;

/// Citus.
class CitusContractTest extends DistributedContract {

	private static final PostgresServer SERVER = PostgresServer.startDistributed(DistributedEngine.CITUS);

	CitusContractTest() {
		super(SERVER);
	}

}
