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

/// Has PostgreSQL reuse the pages that rows of `chunks` have left.
///
/// A dense step usually finds room beside each row. But where another transaction takes long, old values cannot be
/// cleared away; the page fills up, and all rows of the session move to other pages. The server cleans what they left
/// once a minute at most: on a busy machine 20,000 dense steps left 134 MB for 3.2 MB of tensors. So a VACUUM is asked
/// for as soon as many rows have moved.
///
/// To be used by one thread, but for [#close].
final class PostgresVacuum implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresVacuum.class);

	/// As many as are not worth it, and the part of all rows that is, as the server has
	/// it by itself.
	private static final long FEW_ROWS = 500;

	private static final int PART = 5;

	private static final int PATIENCE_MILLIS = 600_000;

	private static final String MOVED = """
			SELECT n_tup_upd - n_tup_hot_upd + n_tup_del, n_live_tup FROM pg_stat_user_tables
			WHERE relid = to_regclass('chunks')
			""";

	/// Not where another replica does.
	private static final String VACUUM = "VACUUM (SKIP_LOCKED) chunks";

	private final DataSource dataSource;

	private long movedBefore;

	private volatile boolean closed;

	/// Where it is under way.
	private final AtomicReference<@Nullable Connection> running = new AtomicReference<>();

	PostgresVacuum(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/// Vacuums, if it is time.
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

	/// Waits no longer for one that is under way: it may take minutes.
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

	/// How many have moved or gone since the statistics began, and how many there are.
	private record Rows(long moved, long all) {

	}

}
