package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import dev.adagrad.session.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes to SQLite. It takes all waiting tasks into one transaction, and commits once for all of
/// them: so one fsync serves as many steps as came while the last one was under way.
///
/// What came of a task is told after the commit only, a refusal too, since it may stand on what an earlier task of the
/// same transaction has written. A task that is refused before it has written anything fails alone. After any other
/// failure, and any of the database, all is rolled back, and each task of the batch is run again in a transaction of its
/// own.
///
/// [#submit] is safe for use by any number of threads.
final class Committer implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

	private final BlockingQueue<Task<?>> queue = new LinkedBlockingQueue<>();

	private final Task<?> end = new Task<>((database) -> "");

	private final Opener opener;

	private final Tuning tuning;

	private final HotStates hotStates;

	private final Work<?> afterCommit;

	private final Thread thread;

	private boolean closed;

	private @Nullable Database database;

	/// @param database to begin with
	/// @param opener opens another, should it break
	/// @param hotStates told of each transaction
	/// @param afterCommit run after each transaction, when all have been told of it
	Committer(Database database, Opener opener, Tuning tuning, HotStates hotStates, Work<?> afterCommit) {
		this.database = database;
		this.opener = opener;
		this.tuning = tuning;
		this.hotStates = hotStates;
		this.afterCommit = afterCommit;
		this.thread = Thread.ofPlatform().name("store-committer").daemon(true).unstarted(this::run);
	}

	void start() {
		this.thread.start();
	}

	/// Has a task run and committed.
	/// @return completed after the commit; or exceptionally, with what the task has
	/// thrown or an SQLException
	/// @throws StoreUnavailableException if this is closed
	<A> CompletableFuture<A> submit(Work<A> work) {
		Task<A> task = new Task<>(work);
		synchronized (this.queue) {
			if (this.closed) {
				throw new StoreUnavailableException("the store is closed", null);
			}
			this.queue.add(task);
		}
		return task.future;
	}

	/// How many tasks wait.
	int waiting() {
		return this.queue.size();
	}

	/// Whether this takes tasks.
	boolean isOpen() {
		synchronized (this.queue) {
			return !this.closed && this.thread.isAlive();
		}
	}

	/// Takes no more tasks, and waits for those that were taken.
	@Override
	public void close() {
		synchronized (this.queue) {
			if (!this.closed) {
				this.closed = true;
				this.queue.add(this.end);
			}
		}
		boolean interrupted = false;
		while (this.thread.isAlive()) {
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private void run() {
		List<Task<?>> batch = new ArrayList<>();
		boolean more = true;
		while (more) {
			try {
				batch.clear();
				Task<?> first = this.queue.take();
				more = first != this.end && together(first, batch);
			}
			catch (Throwable ex) {
				// of the program itself, out of memory for one; whoever waits must hear
				// of it
				LOG.error("a batch of the store failed", ex);
				reopen();
				batch.forEach((task) -> task.future.completeExceptionally(ex));
			}
		}
		closeDatabase();
	}

	/// One transaction for the first task and all that come while it runs.
	/// @return whether more may come
	private boolean together(Task<?> first, List<Task<?>> batch) throws SQLException {
		boolean more = true;
		try {
			Database database = begin();
			boolean whole = true;
			long bytes = 0;
			for (Task<?> task = first; task != null;) {
				batch.add(task);
				task.attempt(database);
				bytes += database.bytesWritten();
				whole = task.leftAllWhole(database);
				boolean full = !whole || batch.size() >= this.tuning.batchLimit() || bytes >= this.tuning.batchBytes();
				task = full ? null : this.queue.poll();
				if (task == this.end) {
					more = false;
					task = null;
				}
			}
			if (whole) {
				commit(database, batch.size());
				batch.forEach(Task::tell);
				afterCommit(database);
				return more;
			}
		}
		catch (SQLException ex) {
			LOG.debug("a batch of {} is rolled back", batch.size(), ex);
			if (batch.isEmpty()) {
				batch.add(first);
			}
		}
		rollback();
		for (Task<?> task : batch) {
			alone(task);
		}
		return more;
	}

	private void alone(Task<?> task) {
		if (!attemptAlone(task) && task.foundNoRoom()) {
			// copying the log may make room in it
			try {
				afterCommit(database());
				attemptAlone(task);
			}
			catch (SQLException ex) {
				task.failure = ex;
			}
		}
		task.tell();
	}

	/// @return whether there is something to tell, and nothing more to try
	private boolean attemptAlone(Task<?> task) {
		try {
			Database database = begin();
			task.attempt(database);
			if (task.leftAllWhole(database)) {
				commit(database, 1);
				afterCommit(database);
				return true;
			}
		}
		catch (SQLException ex) {
			task.failure = ex;
		}
		rollback();
		return false;
	}

	private Database begin() throws SQLException {
		Database database = database();
		this.hotStates.begin();
		database.execute("BEGIN IMMEDIATE");
		return database;
	}

	private void commit(Database database, int tasks) throws SQLException {
		this.tuning.commit().run(database);
		this.hotStates.committed();
		this.tuning.batchSizes().accept(tasks);
	}

	private void afterCommit(Database database) {
		try {
			this.afterCommit.run(database);
		}
		catch (SQLException ex) {
			LOG.warn("the write-ahead log could not be looked after", ex);
		}
	}

	private Database database() throws SQLException {
		Database open = this.database;
		if (open == null) {
			open = this.opener.open();
			this.database = open;
		}
		return open;
	}

	private void rollback() {
		Database open = this.database;
		if (open == null) {
			return;
		}
		try {
			open.execute("ROLLBACK");
		}
		catch (SQLException ex) {
			// SQLite has rolled back by itself what it found no room for; else a new
			// connection is the surest way to have no transaction open
			LOG.debug("the store is opened anew", ex);
			reopen();
		}
	}

	/// Leaves the connection to be opened when it is next needed.
	private void reopen() {
		closeDatabase();
		this.database = null;
	}

	private void closeDatabase() {
		Database open = this.database;
		if (open != null) {
			try {
				open.close();
			}
			catch (SQLException ex) {
				LOG.warn("the store could not be closed", ex);
			}
		}
	}

	/// Work, and whom to tell what came of it.
	private static final class Task<A> {

		private final Work<A> work;

		private final CompletableFuture<A> future = new CompletableFuture<>();

		private @Nullable A result;

		private @Nullable Throwable failure;

		private Task(Work<A> work) {
			this.work = work;
		}

		private void attempt(Database database) {
			this.result = null;
			this.failure = null;
			database.forgetWritten();
			try {
				this.result = this.work.run(database);
			}
			catch (Throwable ex) {
				this.failure = ex;
			}
		}

		private boolean foundNoRoom() {
			return switch (this.failure) {
				case SQLException failure -> SqliteErrors.isFull(failure);
				case UncheckedSqlException failure -> SqliteErrors.isFull(failure.sql());
				case null, default -> false;
			};
		}

		/// Whether what stands in the transaction may be committed.
		private boolean leftAllWhole(Database database) {
			return switch (this.failure) {
				case null -> true;
				// SQLite may have rolled back all of the transaction by itself, also
				// where
				// a query found no room for the pages it had to write first
				case SQLException _, UncheckedSqlException _ -> false;
				default -> !database.written();
			};
		}

		private void tell() {
			if (this.failure != null) {
				this.future.completeExceptionally(this.failure);
			}
			else {
				this.future.complete(this.result);
			}
		}

	}

}
