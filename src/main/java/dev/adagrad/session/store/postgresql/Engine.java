package dev.adagrad.session.store.postgresql;

import java.sql.SQLException;

import dev.adagrad.session.store.Database;

/// Which server speaks PostgreSQL's protocol, and what it has of PostgreSQL. This is the one place that knows.
///
/// @see <a href="https://docs.citusdata.com/en/stable/develop/api_guc.html">Citus: configuration</a>
/// @see <a href="https://www.cockroachlabs.com/docs/stable/session-variables">CockroachDB: session variables</a>
/// @see <a href="https://docs.yugabyte.com/stable/develop/postgresql-compatibility/">YugabyteDB: PostgreSQL compatibility</a>
enum Engine {

	/// One primary, perhaps with standbys.
	POSTGRESQL,
	/// An extension of PostgreSQL. The primary coordinates workers, which have the
	/// shards.
	CITUS,
	/// Has its own planner.
	COCKROACHDB,
	/// Has the planner of PostgreSQL.
	YUGABYTEDB;

	private static final String QUERY = """
			SELECT version(), (SELECT count(*) FROM pg_extension WHERE extname = 'citus')
			""";

	/// What is set for a transaction holds on the workers too.
	private static final String WORKERS = "; SET LOCAL citus.propagate_set_commands = 'local'";

	/// Rows are taken one by one, each by its key, however many the planner expects. The
	/// planner knows nothing of a table that has grown since it was analyzed, and does
	/// not revise a plan that it keeps. A step of 100 elements took 97 ms instead of 5
	/// when it read all chunks of the session.
	private static final String BY_KEY = """
			; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
			""";

	/// If a service stops in the middle, or is cut off, it does not keep its sessions
	/// from the others: the server ends its transaction. The longest pause between two
	/// statements here is the computing of a large step. A statement waits for a lock
	/// only a little at a time. While it waits, it keeps a connection from the others,
	/// and there are ten.
	private static final String WAITS = """
			; SET LOCAL idle_in_transaction_session_timeout = 10000; SET LOCAL lock_timeout = 200
			""";

	private static final String CLIENT = "; SET LOCAL tcp_user_timeout = 10000";

	/// Also ends a transaction that goes on too slowly.
	private static final String TIMEOUT = "; SET LOCAL transaction_timeout = 600000";

	private static final int POSTGRESQL_WITH_TIMEOUT = 17;

	static Engine of(Database database) throws SQLException {
		return database.one(QUERY, (result) -> of(result.getString(1), result.getLong(2) > 0)).orElseThrow();
	}

	/// @param version what `version()` answers
	/// @param citus whether the extension is there
	static Engine of(String version, boolean citus) {
		if (version.startsWith("CockroachDB")) {
			return COCKROACHDB;
		}
		if (version.contains("-YB-")) {
			return YUGABYTEDB;
		}
		return citus ? CITUS : POSTGRESQL;
	}

	/// The settings of one transaction, since a pooler may give the next transaction
	/// another server process.
	/// @param version the major version of PostgreSQL that the server says it has
	/// @return statements, each after a semicolon
	String settings(int version) {
		return switch (this) {
			case POSTGRESQL -> BY_KEY + WAITS + CLIENT + ((version >= POSTGRESQL_WITH_TIMEOUT) ? TIMEOUT : "");
			case CITUS -> WORKERS + POSTGRESQL.settings(version);
			case COCKROACHDB -> WAITS + TIMEOUT;
			case YUGABYTEDB -> BY_KEY + WAITS;
		};
	}

	/// Up to how many rows a statement puts as values, and not as arrays. Citus sends
	/// values to one shard as they are, and computes arrays itself: values of 8 rows take
	/// half the time there, and values of 128 rows 1.7 times as long.
	int rowsAsValues() {
		return (this == CITUS) ? 32 : 0;
	}

	/// Whether a failover begins a new timeline. Other engines settle among themselves
	/// which server has the newest data.
	boolean hasTimelines() {
		return isPostgresql();
	}

	/// Whether it has advisory locks.
	boolean hasAdvisoryLocks() {
		return isPostgresql();
	}

	/// Whether the statistics of its tables tell when old versions of rows should be
	/// cleared away. Those of Citus are with the workers; other engines have no VACUUM.
	boolean hasStatistics() {
		return this == POSTGRESQL;
	}

	/// The folder of the migrations, below `db/migration`.
	String migrations() {
		return isPostgresql() ? "postgresql" : "distributed";
	}

	private boolean isPostgresql() {
		return this == POSTGRESQL || this == CITUS;
	}

}
