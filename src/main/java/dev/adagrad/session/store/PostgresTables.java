package dev.adagrad.session.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import dev.adagrad.session.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the tables are there: at the start if the server can be reached then, else as soon as it can.
final class PostgresTables implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresTables.class);

	/// Until the end of the transaction. Flyway has a lock too, but takes it when it has
	/// made the table that it records versions in, and of two that begin at once one
	/// finds that table unfinished. The number is this service's own.
	private static final String ONE_AT_A_TIME = """
			SET LOCAL lock_timeout = 30000; SELECT pg_advisory_xact_lock(107137114103097)""";

	private static final long RETRY_MILLIS = 500;

	private final DataSource dataSource;

	private final CountDownLatch closed = new CountDownLatch(1);

	private @Nullable Thread thread;

	private volatile Optional<Exception> trouble = Optional
		.of(new IllegalStateException("the database was not asked yet"));

	PostgresTables(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/// Tries once now, and goes on in the background if the server cannot be reached.
	/// @throws StoreStartException if it can, but the tables cannot be used
	void start() {
		try {
			bring();
		}
		catch (SQLException ex) {
			LOG.warn("the database cannot be reached; sessions are unavailable until it can: {}", ex.getMessage());
			this.trouble = Optional.of(ex);
			this.thread = Thread.ofPlatform().name("store-tables").daemon(true).start(this::retry);
		}
	}

	private void retry() {
		try {
			while (this.trouble.isPresent() && !this.closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
				tryOnce();
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("no more tries", ex);
		}
	}

	private void tryOnce() {
		try {
			bring();
			LOG.info("the database is reached; sessions are available");
		}
		catch (SQLException ex) {
			this.trouble = Optional.of(ex);
		}
		catch (RuntimeException ex) {
			if (!ex.toString().equals(this.trouble.map(Exception::toString).orElse(""))) {
				LOG.error("sessions stay unavailable: {}", ex.getMessage());
			}
			this.trouble = Optional.of(ex);
		}
	}

	private void bring() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			Database database = Database.overDriver(connection, (bytes) -> {
			});
			String place = "the database " + connection.getCatalog();
			connection.setAutoCommit(false);
			database.execute(ONE_AT_A_TIME);
			Schema.bring(database, Dialect.POSTGRESQL, this.dataSource, place);
			connection.commit();
		}
		this.trouble = Optional.empty();
	}

	/// Why they cannot be used yet.
	Optional<String> trouble() {
		return this.trouble.map((ex) -> "the tables are not there yet: " + ex.getMessage());
	}

	/// Lets pass where there are tables.
	/// @throws StoreUnavailableException where there are none yet
	void require() {
		Optional<Exception> reason = this.trouble;
		if (reason.isPresent()) {
			throw new StoreUnavailableException("the database has not been reached yet", reason.get());
		}
	}

	@Override
	public void close() {
		this.closed.countDown();
		Thread running = this.thread;
		if (running != null) {
			running.interrupt();
		}
	}

}
