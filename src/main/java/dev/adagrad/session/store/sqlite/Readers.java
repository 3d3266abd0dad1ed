package dev.adagrad.session.store.sqlite;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.UncheckedSqlException;
import dev.adagrad.session.store.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A fixed number of threads that read from SQLite. Each task has its connection to itself. Virtual threads would not
/// do, since native calls hold their carriers.
///
/// Safe for use by any number of threads.
final class Readers implements AutoCloseable {

	private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

	private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

	/// Has a fixed size, so that giving a connection back needs no memory.
	private final ArrayBlockingQueue<Database> idle;

	private final Opener opener;

	private final ThreadPoolExecutor threads;

	/// @param name of the threads
	/// @param count the number of threads, and of connections; a connection is opened
	/// when it is first needed
	Readers(String name, int count, Opener opener) {
		this.opener = opener;
		this.idle = new ArrayBlockingQueue<>(count);
		this.threads = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				Thread.ofPlatform().name(name, 0).daemon(true).factory(), (task, executor) -> {
					throw SessionRefusals.notApplied("the store is closed", null);
				});
	}

	/// Runs a task outside any transaction.
	/// @return completes with the result, or exceptionally with what the task has thrown
	/// or an SQLException
	/// @throws Refusal if this is closed
	<A> CompletableFuture<A> submit(Work<A> work) {
		CompletableFuture<A> future = new CompletableFuture<>();
		this.threads.execute(() -> run(work, future));
		return future;
	}

	private <A> void run(Work<A> work, CompletableFuture<A> future) {
		Database database = null;
		try {
			Database waiting = this.idle.poll();
			database = (waiting != null) ? waiting : this.opener.open();
			A result = work.run(database);
			this.idle.add(database);
			future.complete(result);
		}
		catch (SQLException | UncheckedSqlException | Error ex) {
			tell(future, ex);
			// the connection may be at fault, or have a transaction open
			close(database);
		}
		catch (RuntimeException ex) {
			if (database != null) {
				this.idle.add(database);
			}
			tell(future, ex);
		}
	}

	/// Completes a future, and tries until it succeeds. Completing needs a little memory,
	/// which may be missing just now, and a caller that is never told waits for ever.
	static void tell(CompletableFuture<?> future, Throwable failure) {
		while (!future.isDone()) {
			try {
				future.completeExceptionally(failure);
			}
			catch (VirtualMachineError _) {
				LockSupport.parkNanos(PAUSE_NANOS);
			}
		}
	}

	private static void close(@Nullable Database database) {
		if (database != null) {
			try {
				database.close();
			}
			catch (SQLException ex) {
				LOG.warn("a connection could not be closed", ex);
			}
		}
	}

	/// Takes no more tasks, waits for those that it has taken, and closes the
	/// connections.
	@Override
	public void close() {
		this.threads.close();
		this.idle.forEach(Readers::close);
	}

	/// Opens connections.
	@FunctionalInterface
	interface Opener {

		Database open() throws SQLException;

	}

}
