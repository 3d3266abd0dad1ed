package dev.adagrad.session.store.postgresql;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.refusal.Code;
import dev.adagrad.caller.Quotas;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Expiry;
import dev.adagrad.session.store.Garbage;
import dev.adagrad.session.store.Journal;
import dev.adagrad.session.store.KeptStates;
import dev.adagrad.session.store.LostRaceException;
import dev.adagrad.session.store.Operations;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.SqlSessionStore;
import dev.adagrad.session.store.Sweeper;
import dev.adagrad.session.store.TenantRoom;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.Work;
import dev.adagrad.session.store.WriteProof;
import dev.adagrad.start.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sessions in a PostgreSQL database that any number of replicas share. A writer locks the session's row first, so that
/// in READ COMMITTED each later statement sees what the one before it saw. A reading is REPEATABLE READ.
///
/// A call that loses a race is tried again for a bounded time.
public final class PostgresSessionStore extends SqlSessionStore {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresSessionStore.class);

	/// How long a call waits for other calls in this replica while the database answers
	/// nobody. With the time for a connection that is less than 2 s.
	private static final long QUEUE_MILLIS = 600;

	/// How often a call waits that long while the database does answer.
	private static final int QUEUE_TIMES = 8;

	/// How long lost races are run again.
	private static final Duration RACING = Duration.ofMillis(1500);

	private static final int PROVING_TIMES = 4;

	private static final int MOST_BACK_OFF_MILLIS = 50;

	private final CommitBreaker breaker;

	private final PostgresTransactions transactions;

	private final SessionLocks locks;

	private final PostgresTables tables;

	private final WriteProof proof;

	private final PostgresVacuum vacuum;

	private final Sweeper sweeper;

	/// Starts, even if the database cannot be reached.
	/// @param pool gives up within about a second
	/// @param distribute whether the tables are to be spread over several servers
	/// @throws StartException if the database is reached, but its tables cannot be used
	public PostgresSessionStore(HikariDataSource pool, SessionsProperties sessions, Tuning tuning, Quotas quotas,
			boolean distribute) {
		super(new Operations(Dialect.POSTGRESQL, KeptStates.NONE, Journal.NONE, tuning.chunkBytes(),
				sessions.rememberedKeys(), new TenantRoom(quotas, System::nanoTime)),
				new Expiry(Dialect.POSTGRESQL, Journal.NONE, sessions.keepExpired(), System::nanoTime));
		PostgresHosts hosts = PostgresHosts.under(pool);
		this.breaker = new CommitBreaker(pool);
		this.transactions = new PostgresTransactions(pool, hosts, this.breaker);
		this.locks = new SessionLocks(QUEUE_MILLIS, QUEUE_TIMES, this.transactions::answered,
				() -> readingTrouble().isEmpty());
		this.proof = new WriteProof(this::proveWrite, this.transactions::failures);
		this.tables = new PostgresTables(pool, hosts, distribute, this.proof::renew);
		Garbage garbage = new Garbage(Dialect.POSTGRESQL);
		this.vacuum = new PostgresVacuum(pool);
		this.sweeper = new Sweeper(() -> {
			hosts.look();
			this.tables.require();
			boolean more = this.transactions.writing(this.expiry::removePortion)
					|| this.transactions.writing(garbage::clearPortion);
			if (!more && hosts.engine().hasStatistics()) {
				this.vacuum.run();
			}
			return more;
		}, tuning.sweepInterval());
		this.tables.start();
		this.sweeper.start();
	}

	@Override
	public Optional<String> trouble() {
		if (this.transactions.isClosed()) {
			return Optional.of("closed");
		}
		return this.tables.trouble().or(this.breaker::trouble).or(this::readingTrouble).or(this.proof::trouble);
	}

	private Optional<String> readingTrouble() {
		try {
			this.transactions.reading(this.operations::probe);
			return Optional.empty();
		}
		catch (Refusal ex) {
			return Optional.of(String.valueOf(ex.getMessage()));
		}
	}

	private Optional<String> proveWrite() {
		for (int attempt = 0; attempt < PROVING_TIMES; attempt++) {
			try {
				this.transactions.writing(this.operations::proveWrite);
				return Optional.empty();
			}
			catch (LostRaceException ex) {
				LOG.debug("another holds the row that is written for proof", ex);
				this.breaker.notAnswered();
			}
			catch (Refusal ex) {
				// a full disk does not count as trouble: calls that make room must come
				// through
				return (ex.code() == Code.STORE_FULL) ? Optional.empty() : Optional.of(String.valueOf(ex.getMessage()));
			}
		}
		return Optional.of("another transaction holds a row of the store for too long");
	}

	@Override
	protected <A> A look(Work<A> work) {
		this.tables.require();
		return this.transactions.reading(work);
	}

	@Override
	protected <A> A write(OptimizerId id, Work<A> work) {
		this.tables.require();
		try (var _ = this.locks.hold(id)) {
			long begun = System.nanoTime();
			for (int attempt = 1;; attempt++) {
				long attempted = System.nanoTime();
				try {
					return this.transactions.writing(work);
				}
				catch (LostRaceException ex) {
					long now = System.nanoTime();
					if (now - begun > RACING.toNanos() || !backOff(attempt, (now - attempted) / 1_000_000)) {
						throw SessionRefusals.busy(id);
					}
				}
			}
		}
	}

	/// Waits without a connection, for about as long as the attempt kept one.
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

	@Override
	public void close() {
		this.vacuum.close();
		this.sweeper.close();
		this.tables.close();
		this.transactions.close();
	}

}
