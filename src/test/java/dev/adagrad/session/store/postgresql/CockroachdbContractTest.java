package dev.adagrad.session.store.postgresql;

import org.junit.jupiter.api.Tag;

/// CockroachDB. Run by the profile `distributed`, since it needs an image that not every machine can pull.
@Tag("distributed")
class CockroachdbContractTest extends PostgresContract {

	private static final PostgresServer SERVER = PostgresServer.startDistributed(DistributedEngine.COCKROACHDB);

	CockroachdbContractTest() {
		super(SERVER, true);
	}

}
