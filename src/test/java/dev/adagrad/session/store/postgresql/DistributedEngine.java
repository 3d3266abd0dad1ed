package dev.adagrad.session.store.postgresql;

import java.time.Duration;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/// The engines that share out the rows of a table among several servers, and how one server of each is started.
///
/// @see <a href="https://docs.citusdata.com/en/stable/installation/single_node_docker.html">Citus with Docker</a>
/// @see <a href="https://www.cockroachlabs.com/docs/stable/cockroach-start-single-node">CockroachDB: one node</a>
/// @see <a href="https://docs.yugabyte.com/stable/quick-start/docker/">YugabyteDB with Docker</a>
enum DistributedEngine {

	CITUS("citusdata/citus:13.0", 5432, "postgres", "postgres", "password"),
	COCKROACHDB("cockroachdb/cockroach:latest-v25.2", 26257, "defaultdb", "root", ""),
	YUGABYTEDB("yugabytedb/yugabyte:2025.1.0.1-b3", 5433, "yugabyte", "yugabyte", "yugabyte");

	private static final Duration START = Duration.ofMinutes(5);

	final String image;

	final int port;

	final String database;

	final String user;

	final String password;

	DistributedEngine(String image, int port, String database, String user, String password) {
		this.image = image;
		this.port = port;
		this.database = database;
		this.user = user;
		this.password = password;
	}

	GenericContainer<?> container() {
		GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(this.image))
			.withExposedPorts(this.port)
			.withStartupTimeout(START);
		return switch (this) {
			case CITUS -> container.withEnv("POSTGRES_PASSWORD", this.password)
				.waitingFor(Wait.forLogMessage(".*database system is ready to accept connections.*\\s", 2));
			case COCKROACHDB -> container.withCommand("start-single-node", "--insecure")
				.waitingFor(Wait.forLogMessage(".*CockroachDB node starting.*\\s", 1));
			case YUGABYTEDB -> container.withCommand("bin/yugabyted", "start", "--background=false")
				.waitingFor(Wait.forSuccessfulCommand("bin/ysqlsh -h $(hostname) -c 'SELECT 1'"));
		};
	}

}
