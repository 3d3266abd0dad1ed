package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.LostRaceException;
import dev.adagrad.session.store.UncheckedSqlException;
import dev.adagrad.session.store.Work;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Transactions on the primary of a PostgreSQL database, and what their failures mean.
///
/// If a connection breaks, its transaction begins anew on another connection, for a bounded time. After COMMIT was sent
/// it does not: nobody knows then whether the commit took effect, and the caller is told so.
///
/// Safe for use by any number of threads.
final class PostgresTransactions implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresTransactions.class);

	static final String WRITING = "READ COMMITTED";

	/// A call whose connection broke is begun anew until this time has passed. What is
	/// left of 2 s must be enough for another connection.
	private static final Duration RECONNECTING = Duration.ofMillis(500);

	private final HikariDataSource pool;

	private final PostgresHosts hosts;

	private final CommitBreaker breaker;

	private final AtomicLong answered = new AtomicLong();

	private final AtomicLong failures = new AtomicLong();

	private volatile boolean closed;

	/// @param pool gives up within about a second
	/// @param hosts where the pool takes its connections from
	/// @param breaker looked at before each write; closed with this
	PostgresTransactions(HikariDataSource pool, PostgresHosts hosts, CommitBreaker breaker) {
		this.pool = pool;
		this.hosts = hosts;
		this.breaker = breaker;
	}

	/// Runs a transaction that only reads, and sees one state of the database.
	/// @throws Refusal if the database does not answer
	<A> A reading(Work<A> work) {
		return run("REPEATABLE READ READ ONLY", work);
	}

	/// Runs a transaction in which each statement sees what others have committed before
	/// it.
	/// @throws LostRaceException if another transaction was faster
	/// @throws Refusal if there is no room, or the database does not answer
	<A> A writing(Work<A> work) {
		this.breaker.require();
		return run(WRITING, work);
	}

	/// A number that changes whenever the database has answered anybody.
	long answered() {
		return this.answered.get();
	}

	/// A number that changes whenever a transaction fails because of the database.
	long failures() {
		return this.failures.get();
	}

	boolean isClosed() {
		return this.closed;
	}

	private <A> A run(String isolation, Work<A> work) {
		long begun = System.nanoTime();
		for (;;) {
			try {
				return transaction(isolation, work);
			}
			catch (BrokenConnectionException ex) {
				if (System.nanoTime() - begun > RECONNECTING.toNanos()) {
					throw SessionRefusals.notApplied("the database cannot be used: " + this.hosts.reason(ex),
							ex.getCause());
				}
				LOG.debug("tried again on another connection", ex);
			}
		}
	}

	private <A> A transaction(String isolation, Work<A> work) throws BrokenConnectionException {
		if (this.closed) {
			throw SessionRefusals.notApplied("the store is closed", null);
		}
		boolean committing = false;
		try (Connection connection = this.pool.getConnection()) {
			Patience patience = new Patience(connection);
			connection.setAutoCommit(false);
			boolean done = false;
			try {
				Engine engine = this.hosts.engine();
				Database database = Database.overDriver(connection, patience::transfers, engine.rowsAsValues());
				String begin = begin(isolation, engine, connection.getMetaData().getDatabaseMajorVersion());
				this.hosts.timeline()
					.require(database.last(begin, (result) -> PrimaryTimeline.parse(result.getString(1))));
				A result = work.run(database);
				committing = true;
				connection.commit();
				done = true;
				this.answered.incrementAndGet();
				return result;
			}
			catch (SQLException ex) {
				if (PostgresErrors.isConnection(ex)) {
					// the pool would keep a server that is alive but read-only
					this.pool.evictConnection(connection);
				}
				throw ex;
			}
			finally {
				if (!done) {
					rollback(connection);
				}
			}
		}
		catch (UncheckedSqlException ex) {
			throw failed(ex.sql(), false);
		}
		catch (SQLException ex) {
			throw failed(ex, committing);
		}
	}

	/// The statements that a transaction begins with. By the last of them the server that
	/// answers says whether it still is the primary.
	/// @param version the major version of PostgreSQL that the server says it has
	static String begin(String isolation, Engine engine, int version) {
		return "SET TRANSACTION ISOLATION LEVEL " + isolation + engine.settings(version) + "; "
				+ PrimaryTimeline.query(engine);
	}

	private static void rollback(Connection connection) {
		try {
			if (!connection.isClosed()) {
				connection.rollback();
			}
		}
		catch (SQLException ex) {
			LOG.debug("a rollback failed, as the connection did", ex);
		}
	}

	private RuntimeException failed(SQLException ex, boolean committing) throws BrokenConnectionException {
		if (PostgresErrors.isRace(ex)) {
			LOG.debug("a race was lost", ex);
			return new LostRaceException();
		}
		this.failures.incrementAndGet();
		if (PostgresErrors.isDamage(ex)) {
			return SessionRefusals.damaged(ex);
		}
		if (PostgresErrors.isFull(ex)) {
			return SessionRefusals.full(ex);
		}
		if (committing) {
			// with several servers, the one that answers may not know what became of it
			// either
			this.breaker.notAnswered();
			return SessionRefusals.unknown("the database did not confirm a COMMIT: " + ex.getMessage(), ex);
		}
		if (!PostgresErrors.isConnection(ex)) {
			return SessionRefusals.notApplied("the database failed: " + ex.getMessage(), ex);
		}
		throw new BrokenConnectionException(ex);
	}

	@Override
	public void close() {
		this.closed = true;
		this.breaker.close();
	}

	/// Nothing was committed.
	private static final class BrokenConnectionException extends Exception {

		BrokenConnectionException(SQLException cause) {
			super(cause.getMessage(), cause);
		}

	}

}
