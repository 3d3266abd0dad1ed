package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.adagrad.start.StartException;
import javax.sql.DataSource;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes sure that the tables exist and can be written to: at the start if the server can be reached, else as soon as
/// it can. Reads also wait until a write was committed. A server that was replaced still answers, but can commit
/// nothing without its standbys.
final class PostgresTables implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresTables.class);

	/// Holds until the end of the transaction. Flyway has a lock too, but takes it only
	/// after it has made its table of versions. If two services begin at once, one of
	/// them finds that table unfinished. The number is this service's own.
	private static final String ONE_AT_A_TIME = """
			SET LOCAL lock_timeout = 30000; SELECT pg_advisory_xact_lock(107137114103097)""";

	private static final long RETRY_MILLIS = 500;

	private final DataSource dataSource;

	private final PostgresHosts hosts;

	private final boolean distribute;

	private final Supplier<Optional<String>> proof;

	private final ScheduledExecutorService thread = Executors
		.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("store-tables").daemon(true).factory());

	private volatile Optional<String> trouble = Optional.of("it was not asked yet");

	/// @param hosts where connections come from
	/// @param distribute whether the tables are to be spread over several servers
	/// @param proof proves that the database can be written to; gives the reason if it
	/// cannot
	PostgresTables(DataSource dataSource, PostgresHosts hosts, boolean distribute, Supplier<Optional<String>> proof) {
		this.dataSource = dataSource;
		this.hosts = hosts;
		this.distribute = distribute;
		this.proof = proof;
	}

	/// Tries once now. If the server cannot be reached, goes on trying in the background.
	/// @throws StartException if the server can be reached, but the tables cannot be used
	void start() {
		this.trouble = bring();
		this.trouble.ifPresent((reason) -> {
			LOG.warn("sessions are unavailable until the database can be used: {}", reason);
			var _ = this.thread.scheduleWithFixedDelay(this::retry, RETRY_MILLIS, RETRY_MILLIS, TimeUnit.MILLISECONDS);
		});
	}

	private void retry() {
		Optional<String> now;
		try {
			now = bring();
		}
		catch (Throwable ex) {
			// whatever the failure was, the next attempt may succeed
			now = Optional.of(String.valueOf(ex.getMessage()));
		}
		Optional<String> before = this.trouble;
		this.trouble = now;
		if (now.isEmpty()) {
			LOG.info("the database can be used; sessions are available");
			this.thread.shutdown();
		}
		else if (!now.equals(before)) {
			LOG.warn("sessions stay unavailable: {}", now.get());
		}
	}

	private Optional<String> bring() {
		try (Connection connection = this.dataSource.getConnection()) {
			Database database = Database.overDriver(connection);
			String place = "the database " + connection.getCatalog();
			Engine engine = this.hosts.engine();
			connection.setAutoCommit(false);
			if (engine.hasAdvisoryLocks()) {
				database.execute(ONE_AT_A_TIME);
			}
			Schema.bring(database, Dialect.POSTGRESQL, engine.migrations(), this.dataSource, place,
					PostgresErrors::isConnection);
			if (this.distribute) {
				Distribution.bring(database, engine, place);
			}
			connection.commit();
		}
		catch (SQLException ex) {
			return Optional.of(this.hosts.reason(ex));
		}
		return this.proof.get();
	}

	/// Why the tables cannot be used yet.
	Optional<String> trouble() {
		return this.trouble.map((reason) -> "the database could not be used yet: " + reason);
	}

	/// Lets a call pass if the tables can be used.
	/// @throws Refusal if they cannot be used yet
	void require() {
		trouble().ifPresent((reason) -> {
			throw SessionRefusals.notApplied(reason, null);
		});
	}

	@Override
	public void close() {
		this.thread.shutdownNow();
	}

}
