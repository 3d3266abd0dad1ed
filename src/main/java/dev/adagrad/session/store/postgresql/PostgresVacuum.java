package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import dev.adagrad.session.store.Database;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes PostgreSQL reuse the space in `chunks` that moved and deleted rows have left.
///
/// A dense step usually finds room beside each row. But while another transaction takes long, old values cannot be
/// cleared away. The page fills up, and all rows of the session move to other pages. The server cleans the space they
/// left once a minute at most: on a busy machine 20,000 dense steps left 134 MB for 3.2 MB of tensors. So this class
/// asks for a VACUUM as soon as many rows have moved.
///
/// To be used by one thread, except for [#close].
final class PostgresVacuum implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresVacuum.class);

	/// The number of rows, and the part of all rows, from which a VACUUM is worthwhile.
	/// The server has the part by default.
	private static final long FEW_ROWS = 500;

	private static final int PART = 5;

	private static final int PATIENCE_MILLIS = 600_000;

	private static final String MOVED = """
			SELECT n_tup_upd - n_tup_hot_upd + n_tup_del, n_live_tup FROM pg_stat_user_tables
			WHERE relid = to_regclass('chunks')
			""";

	/// Skips the table if another replica vacuums it.
	private static final String VACUUM = "VACUUM (SKIP_LOCKED) chunks";

	private final DataSource dataSource;

	private long movedBefore;

	private volatile boolean closed;

	/// The connection of the VACUUM under way.
	private final AtomicReference<@Nullable Connection> running = new AtomicReference<>();

	PostgresVacuum(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/// Vacuums if enough rows have moved.
	void run() {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(true);
			connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
			Database database = Database.overDriver(connection);
			Optional<Rows> rows = database.one(MOVED, (result) -> new Rows(result.getLong(1), result.getLong(2)));
			if (rows.isPresent() && rows.get().moved() - this.movedBefore > FEW_ROWS + rows.get().all() / PART) {
				this.running.set(connection);
				try {
					if (!this.closed) {
						database.execute(VACUUM);
					}
				}
				finally {
					this.running.set(null);
				}
				this.movedBefore = rows.get().moved();
			}
		}
		catch (SQLException ex) {
			LOG.debug("no vacuum this time", ex);
		}
	}

	/// Does not wait for a VACUUM under way, which may take minutes.
	@Override
	public void close() {
		this.closed = true;
		Connection connection = this.running.get();
		if (connection != null) {
			try {
				connection.abort(Runnable::run);
			}
			catch (SQLException ex) {
				LOG.debug("a vacuum could not be left", ex);
			}
		}
	}

	/// How many rows have moved or gone since the statistics began, and how many there
	/// are.
	private record Rows(long moved, long all) {

	}

}
