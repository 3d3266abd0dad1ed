package dev.adagrad.session.store.postgresql;

import java.sql.SQLException;
import java.util.List;

import dev.adagrad.session.store.Database;
import dev.adagrad.start.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Spreads the tables over the workers of Citus: all rows of a session go to the worker that has its shard. The clock
/// of the store and the history of the migrations stay with the coordinator.
///
/// @see <a href="https://docs.citusdata.com/en/stable/develop/api_udf.html#create-distributed-table">Citus:
/// create_distributed_table</a>
final class Distribution {

	private static final Logger LOG = LoggerFactory.getLogger(Distribution.class);

	private static final String FIRST = "sessions";

	private static final List<String> OTHERS = List.of("chunks", "step_keys", "garbage");

	private static final String IS_DISTRIBUTED = """
			SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = CAST(? AS regclass)
			""";

	private static final String DISTRIBUTE = """
			SELECT create_distributed_table(?, 'shard', colocate_with => ?)
			""";

	/// The copy with the coordinator, of which nothing is read any more.
	private static final String TRUNCATE = "SELECT truncate_local_data_after_distributing_table(?)";

	private Distribution() {
	}

	/// Distributes the tables, unless they are. Rows that they have go along. While that
	/// lasts, nobody else can use them.
	/// @param database in a transaction, so that all tables are distributed, or none
	/// @param place the database, as messages name it
	/// @throws StartException if the engine cannot do that
	static void bring(Database database, Engine engine, String place) throws SQLException {
		switch (engine) {
			case POSTGRESQL ->
				throw new StartException("adagrad.store.distribute is true, but " + place + " has no Citus.",
						"Run CREATE EXTENSION citus there, or leave the setting out.", null);
			case COCKROACHDB, YUGABYTEDB -> LOG.debug("{} distributes all tables by itself", engine);
			case CITUS -> {
				if (distribute(database, FIRST, "none")) {
					LOG.info("{}: the tables are distributed now", place);
				}
				for (String table : OTHERS) {
					distribute(database, table, FIRST);
				}
			}
		}
	}

	/// @param beside the table whose shards are on the same workers
	private static boolean distribute(Database database, String table, String beside) throws SQLException {
		if (database.one(IS_DISTRIBUTED, (result) -> result.getLong(1) > 0, table).orElseThrow()) {
			return false;
		}
		database.one(DISTRIBUTE, (result) -> true, table, beside);
		database.one(TRUNCATE, (result) -> true, table);
		return true;
	}

}
