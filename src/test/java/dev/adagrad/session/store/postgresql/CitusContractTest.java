package dev.adagrad.session.store.postgresql;

import org.junit.jupiter.api.Tag;

/// Citus. Run by the profile `distributed`, since it needs an image that not every machine can pull.
@Tag("distributed")
class CitusContractTest extends PostgresContract {

	private static final PostgresServer SERVER = PostgresServer.startDistributed(DistributedEngine.CITUS);

	CitusContractTest() {
		super(SERVER, true);
	}

}
