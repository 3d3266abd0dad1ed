package dev.adagrad.session.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionBusyException;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.StoreDamagedException;
import dev.adagrad.session.StoreFullException;
import dev.adagrad.session.StoreUnavailableException;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Transition;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions in a PostgreSQL database that any number of replicas share. A writer locks the session's row before all else,
/// so that in READ COMMITTED each later statement sees what the one before it saw; a reading is REPEATABLE READ.
///
/// Lost races are tried again for a bounded time. So is what fails because the connection does, on another one, unless
/// COMMIT had been sent: then nobody knows, and the caller is told so.
final class PostgresSessionStore implements ManagedStore {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresSessionStore.class);

	/// For one transaction, since a pooler between may give the next one another server
	/// process.
	///
	/// 1. Rows are taken one by one, each by its key, whatever the planner believes of
	/// their number: it knows nothing of a table that has grown since it was analyzed,
	/// and does not look again at a plan that it keeps. A step of 100 elements took 97 ms
	/// instead of 5 where all chunks of the session were read for it.
	/// 2. Whoever stops in the middle, or is cut off, does not keep its sessions from the
	/// others: the server ends its transaction. The longest pause between two statements
	/// here is the computing of a large step.
	/// 3. A lock is waited for only a little at a time: who waits keeps a connection from
	/// the others, of which there are ten.
	private static final String SETTINGS = """
			; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off
			; SET LOCAL idle_in_transaction_session_timeout = 10000; SET LOCAL tcp_user_timeout = 10000
			; SET LOCAL lock_timeout = 200""";

	static final String WRITING = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED" + SETTINGS;

	private static final String READING = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY" + SETTINGS;

	/// For how long a call waits for others in this replica while the database answers
	/// nobody; with the time for a connection that is less than 2 s.
	private static final long QUEUE_MILLIS = 600;

	/// How often it waits for so long while the database does answer.
	private static final int QUEUE_TIMES = 8;

	/// For how long lost races are run again.
	private static final Duration RACING = Duration.ofMillis(1500);

	/// Until when a call whose connection broke is begun anew: what is left of 2 s must
	/// do for another connection.
	private static final Duration RECONNECTING = Duration.ofMillis(500);

	private static final int MOST_BACK_OFF_MILLIS = 50;

	private final DataSource dataSource;

	private final Operations operations;

	private final AtomicLong answered = new AtomicLong();

	private final SessionLocks locks = new SessionLocks(QUEUE_MILLIS, QUEUE_TIMES, this.answered::get,
			() -> trouble().isEmpty());

	private final PostgresTables tables;

	private final Expiry expiry;

	private final PostgresVacuum vacuum;

	private final Sweeper sweeper;

	private volatile boolean closed;

	/// Starts, whether the database can be reached or not.
	/// @param dataSource a pool that gives up within about a second
	/// @throws StoreStartException if it is reached, but its tables cannot be used
	PostgresSessionStore(DataSource dataSource, SessionsProperties sessions, Tuning tuning) {
		this.dataSource = dataSource;
		this.operations = new Operations(Dialect.POSTGRESQL, KeptStates.NONE, Journal.NONE, tuning.chunkBytes(),
				sessions.rememberedKeys());
		this.tables = new PostgresTables(dataSource);
		Garbage garbage = new Garbage(Dialect.POSTGRESQL);
		this.expiry = new Expiry(Dialect.POSTGRESQL, Journal.NONE, sessions.keepExpired(), System::nanoTime);
		this.vacuum = new PostgresVacuum(dataSource);
		this.sweeper = new Sweeper(() -> {
			boolean more = once(WRITING, this.expiry::removePortion) || once(WRITING, garbage::clearPortion);
			if (!more) {
				this.vacuum.run();
			}
			return more;
		}, tuning.sweepInterval());
		this.tables.start();
		this.sweeper.start();
	}

	@Override
	public Creation create(NewSession session) {
		return write(session.id(), (database) -> this.operations.create(database, session));
	}

	@Override
	public Optional<Session> find(OptimizerId id) {
		return once(READING, (database) -> this.operations.find(database, id));
	}

	@Override
	public List<Session> list(Optional<OptimizerId> after, int limit) {
		return once(READING, (database) -> this.operations.list(database, after, limit));
	}

	@Override
	public <A> A step(OptimizerId id, Optional<Sha256> key, Transition<A> transition) {
		return write(id, (database) -> this.operations.step(database, id, key, transition));
	}

	@Override
	public <A> A read(OptimizerId id, BiFunction<Session, StoredState, A> reading) {
		return once(READING, (database) -> this.operations.read(database, id, reading));
	}

	@Override
	public Session restore(OptimizerId id, Consumer<Session> check, Version version, Blocks<Tensor> G,
			Optional<Blocks<Tensor>> parameter) {
		return write(id, (database) -> this.operations.restore(database, id, check, version, G, parameter));
	}

	@Override
	public void delete(OptimizerId id, Optional<Consumer<Session>> check) {
		write(id, (database) -> {
			this.operations.delete(database, id, check);
			return true;
		});
	}

	@Override
	public long count() {
		return once(READING, this.operations::count);
	}

	@Override
	public List<Expired> expired(int limit) {
		return once(READING, (database) -> this.expiry.list(database, limit));
	}

	@Override
	public Optional<Session> revive(OptimizerId id) {
		return write(id, (database) -> this.operations.revive(database, id));
	}

	@Override
	public Optional<String> trouble() {
		if (this.closed || this.tables.trouble().isPresent()) {
			return this.closed ? Optional.of("closed") : this.tables.trouble();
		}
		try {
			once(READING, this.operations::probe);
			return Optional.empty();
		}
		catch (StoreUnavailableException | StoreDamagedException ex) {
			return Optional.of(String.valueOf(ex.getMessage()));
		}
	}

	private <A> A write(OptimizerId id, Work<A> work) {
		try (var _ = this.locks.hold(id)) {
			long begun = System.nanoTime();
			for (int attempt = 1;; attempt++) {
				long attempted = System.nanoTime();
				try {
					return once(WRITING, work);
				}
				catch (LostRaceException ex) {
					long now = System.nanoTime();
					if (now - begun > RACING.toNanos() || !backOff(attempt, (now - attempted) / 1_000_000)) {
						throw new SessionBusyException(id);
					}
				}
			}
		}
	}

	/// Without a connection, for about as long as one was kept.
	/// @param millis how long the attempt took
	/// @return false if interrupted
	private static boolean backOff(int attempt, long millis) {
		try {
			long most = Math.max(Math.min(MOST_BACK_OFF_MILLIS, 2L << attempt), 2 * millis);
			Thread.sleep(ThreadLocalRandom.current().nextLong(1, most + 1));
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/// One transaction; another if the connection broke before its end, since after a
	/// restart of the server all those in the pool are broken.
	/// @throws LostRaceException if another transaction was faster
	private <A> A once(String begin, Work<A> work) {
		long begun = System.nanoTime();
		for (;;) {
			try {
				return transaction(begin, work);
			}
			catch (BrokenConnectionException ex) {
				if (System.nanoTime() - begun > RECONNECTING.toNanos()) {
					throw new StoreUnavailableException("the database cannot be reached", ex.getCause());
				}
				LOG.debug("tried again on another connection", ex);
			}
		}
	}

	private <A> A transaction(String begin, Work<A> work) throws BrokenConnectionException {
		if (this.closed) {
			throw new StoreUnavailableException("the store is closed", null);
		}
		this.tables.require();
		boolean committing = false;
		try (Connection connection = this.dataSource.getConnection()) {
			Patience patience = new Patience(connection);
			connection.setAutoCommit(false);
			boolean done = false;
			try {
				Database database = Database.overDriver(connection, patience::transfers);
				database.execute(begin);
				A result = work.run(database);
				committing = true;
				connection.commit();
				done = true;
				this.answered.incrementAndGet();
				return result;
			}
			catch (SQLException ex) {
				if (PostgresErrors.isConnection(ex) && this.dataSource instanceof HikariDataSource pool) {
					// a server that is alive but read-only would do for the pool
					pool.evictConnection(connection);
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

	private static RuntimeException failed(SQLException ex, boolean committing) throws BrokenConnectionException {
		if (PostgresErrors.isRace(ex)) {
			LOG.debug("a race was lost", ex);
			return new LostRaceException();
		}
		if (PostgresErrors.isDamage(ex)) {
			return new StoreDamagedException(ex);
		}
		if (PostgresErrors.isFull(ex)) {
			return new StoreFullException(ex);
		}
		if (PostgresErrors.isConnection(ex) && !committing) {
			throw new BrokenConnectionException(ex);
		}
		return new StoreUnavailableException("the database failed: " + ex.getMessage(), ex);
	}

	@Override
	public void close() {
		this.vacuum.close();
		this.sweeper.close();
		this.tables.close();
		this.closed = true;
	}

	/// Nothing was committed.
	private static final class BrokenConnectionException extends Exception {

		BrokenConnectionException(SQLException cause) {
			super(cause);
		}

	}

}
