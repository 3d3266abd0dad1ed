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

/// A fixed number of threads that read from SQLite, each task on a connection that no other has meanwhile: native calls
/// would hold the carriers of virtual threads.
///
/// Safe for use by any number of threads.
final class Readers implements AutoCloseable {

	private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

	private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

	/// Of a fixed size, so that giving one back needs no memory.
	private final ArrayBlockingQueue<Database> idle;

	private final Opener opener;

	private final ThreadPoolExecutor threads;

	/// @param name of the threads
	/// @param count of the threads, and of the connections, which are opened when they
	/// are first needed
	Readers(String name, int count, Opener opener) {
		this.opener = opener;
		this.idle = new ArrayBlockingQueue<>(count);
		this.threads = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				Thread.ofPlatform().name(name, 0).daemon(true).factory(), (task, executor) -> {
					throw SessionRefusals.notApplied("the store is closed", null);
				});
	}

	/// Has a task run, outside any transaction.
	/// @return completed, exceptionally with what the task has thrown or an SQLException
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
			// it may be the connection's fault, or a transaction be open
			close(database);
		}
		catch (RuntimeException ex) {
			if (database != null) {
				this.idle.add(database);
			}
			tell(future, ex);
		}
	}

	/// Completes a future, however often it takes: telling needs a little memory, which
	/// there may be none of just now, and who is never told waits for ever.
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

	/// Takes no more tasks, waits for those that were taken, and closes the connections.
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
