package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.store.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stops new writes while commits wait for a synchronous standby that is not there.
///
/// If a caller gives up waiting for such a COMMIT, a process on the server waits on, with all its locks. So after one
/// unanswered COMMIT no other is sent until no process waits like this.
///
/// Safe for use by any number of threads.
///
/// @see <a href="https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION-HA">Synchronous
/// replication: planning for high availability</a>
final class CommitBreaker implements AutoCloseable {

	private static final String TROUBLE = "commits wait for a synchronous standby of the database";

	private static final Logger LOG = LoggerFactory.getLogger(CommitBreaker.class);

	private static final Duration INTERVAL = Duration.ofMillis(500);

	private static final int PATIENCE_MILLIS = 1500;

	/// Counts the waiting processes of the service's own user, which it may see without a
	/// privilege.
	private static final String WAITING = """
			SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND usename = current_user AND wait_event = 'SyncRep'
				AND clock_timestamp() - state_change > INTERVAL '1 second'
			""";

	private final DataSource dataSource;

	private final AtomicBoolean asking = new AtomicBoolean();

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile boolean open;

	CommitBreaker(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/// Why writes are stopped; empty if they are not.
	Optional<String> trouble() {
		return this.open ? Optional.of(TROUBLE) : Optional.empty();
	}

	/// Lets a write pass.
	/// @throws Refusal while writes are stopped
	void require() {
		if (this.open) {
			throw SessionRefusals.notApplied(TROUBLE, null);
		}
	}

	/// A COMMIT was not answered in time, or another transaction holds a lock, perhaps
	/// since it waits for a standby. Asks the server why.
	void notAnswered() {
		if (this.asking.compareAndSet(false, true)) {
			Thread.ofVirtual().name("store-commit-breaker").start(this::ask);
		}
	}

	private void ask() {
		try {
			while (waits()) {
				if (!this.open) {
					this.open = true;
					LOG.error("{}; calls that write are refused until one is there", TROUBLE);
				}
				if (this.closed.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
					return;
				}
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("no longer asked", ex);
		}
		finally {
			if (this.open) {
				LOG.info("commits are answered again");
			}
			this.open = false;
			this.asking.set(false);
		}
	}

	/// False if the server cannot be asked: calls find that out by themselves.
	private boolean waits() {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(true);
			connection.setNetworkTimeout(Runnable::run, PATIENCE_MILLIS);
			return Database.overDriver(connection).one(WAITING, (result) -> result.getLong(1) > 0).orElse(false);
		}
		catch (SQLException ex) {
			LOG.debug("it is not known whether commits wait", ex);
			return false;
		}
	}

	@Override
	public void close() {
		this.closed.countDown();
	}

}
