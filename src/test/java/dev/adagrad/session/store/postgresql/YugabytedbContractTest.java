package dev.adagrad.session.store.postgresql;

import org.junit.jupiter.api.Tag;

/// YugabyteDB. Run by the profile `distributed`, since it needs an image that not every machine can pull.
@Tag("distributed")
class YugabytedbContractTest extends PostgresContract {

	private static final PostgresServer SERVER = PostgresServer.startDistributed(DistributedEngine.YUGABYTEDB);

	YugabytedbContractTest() {
		super(SERVER, true);
	}

}
