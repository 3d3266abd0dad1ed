package dev.adagrad.session.store.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Tuning;
import dev.adagrad.session.store.Work;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes to SQLite. It takes all waiting tasks into one transaction and commits once for all of
/// them. So one fsync serves all steps that came while the last one was under way.
///
/// Callers hear of a result only after the commit. The same holds for a refusal, since it may be due to what an earlier
/// task of the same transaction wrote. A task that is refused before it has written anything fails alone. After any
/// other failure the whole transaction is rolled back, and each task runs again in a transaction of its own.
///
/// The thread lives until this is closed, whatever is thrown in it. It tells every task its outcome.
///
/// [#submit] is safe for use by any number of threads.
final class Committer implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

	private final BlockingQueue<CommitterTask<?>> queue = new LinkedBlockingQueue<>();

	private final CommitterTask<?> end = new CommitterTask<>((database) -> "", false);

	private final Readers.Opener opener;

	private final Tuning tuning;

	private final HotStates hotStates;

	private final Witness witness;

	private final Work<?> afterCommit;

	private final BooleanSupplier reserve;

	private final Thread thread;

	private boolean closed;

	private @Nullable Database database;

	/// Whether the database must be opened anew, since its state is unknown.
	private boolean broken;

	/// Whether the last task was taken.
	private boolean ended;

	/// @param database the first connection
	/// @param opener opens another if it breaks
	/// @param hotStates told of each transaction
	/// @param witness told of each transaction
	/// @param afterCommit run after each transaction, when all tasks have been told of it
	/// @param reserve gives the reserved room up for tasks that make room; false if there
	/// is none
	Committer(Database database, Readers.Opener opener, Tuning tuning, HotStates hotStates, Witness witness,
			Work<?> afterCommit, BooleanSupplier reserve) {
		this.reserve = reserve;
		this.database = database;
		this.opener = opener;
		this.tuning = tuning;
		this.hotStates = hotStates;
		this.witness = witness;
		this.afterCommit = afterCommit;
		this.thread = Thread.ofPlatform().name("store-committer").daemon(true).unstarted(this::run);
	}

	void start() {
		this.thread.start();
	}

	/// Runs a task and commits.
	/// @return completes after the commit, or exceptionally with what the task has thrown
	/// or an SQLException
	/// @throws Refusal if this is closed
	<A> CompletableFuture<A> submit(Work<A> work) {
		return submit(work, false);
	}

	/// As [#submit].
	/// @param makesRoom whether it may use the room that is reserved for such tasks
	<A> CompletableFuture<A> submit(Work<A> work, boolean makesRoom) {
		CommitterTask<A> task = new CommitterTask<>(work, makesRoom);
		synchronized (this.queue) {
			if (this.closed) {
				throw SessionRefusals.notApplied("the store is closed", null);
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

	/// Takes no more tasks, and waits for those that it has taken.
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
		// never grows, so each task that is taken can be told of its outcome
		List<CommitterTask<?>> batch = new ArrayList<>(this.tuning.batchLimit());
		while (!this.ended) {
			try {
				batch.clear();
				take(this.queue.take(), batch);
				if (!batch.isEmpty()) {
					together(batch);
				}
			}
			catch (Throwable ex) {
				abandon(batch, ex);
			}
		}
		try {
			closeDatabase();
		}
		catch (Throwable ex) {
			log("the store could not be closed", ex);
		}
	}

	private void take(CommitterTask<?> task, List<CommitterTask<?>> batch) {
		if (task == this.end) {
			this.ended = true;
		}
		else {
			batch.add(task);
		}
	}

	/// Handles a failure of the program itself, such as out of memory, which no task and
	/// no SQL caused. The failure may come again while it is handled.
	private void abandon(List<CommitterTask<?>> batch, Throwable ex) {
		this.broken = true;
		Throwable failure = unavailable(ex);
		for (int i = 0; i < batch.size(); i++) {
			batch.get(i).abandon(failure);
		}
		log("a batch of the store failed", ex);
	}

	private static Throwable unavailable(Throwable ex) {
		try {
			return SessionRefusals.unknown("the store failed", ex);
		}
		catch (VirtualMachineError again) {
			return again;
		}
	}

	private static void log(String what, Throwable ex) {
		try {
			LOG.error(what, ex);
		}
		catch (Throwable _) {
			// the thread must live, even if nothing can be logged
		}
	}

	/// Runs one transaction for the task of a batch and all tasks that come while it
	/// runs.
	private void together(List<CommitterTask<?>> batch) throws SQLException {
		try {
			Database database = begin();
			boolean whole = true;
			long bytes = 0;
			for (int i = 0; i < batch.size(); i++) {
				CommitterTask<?> task = batch.get(i);
				task.attempt(database);
				bytes += database.bytesWritten();
				whole = task.leftAllWhole(database);
				boolean full = !whole || batch.size() >= this.tuning.batchLimit() || bytes >= this.tuning.batchBytes();
				CommitterTask<?> next = (full || this.ended) ? null : this.queue.poll();
				if (next != null) {
					take(next, batch);
				}
			}
			if (whole) {
				commit(database, batch);
				return;
			}
		}
		catch (SQLException ex) {
			LOG.debug("a batch of {} is rolled back", batch.size(), ex);
		}
		rollback();
		for (CommitterTask<?> task : batch) {
			alone(task);
		}
	}

	private void alone(CommitterTask<?> task) {
		if (!attemptAlone(task) && task.foundNoRoom() && !againAfterCopying(task) && task.foundNoRoom()
				&& task.makesRoom && this.reserve.getAsBoolean()) {
			againAfterCopying(task);
		}
		task.tell();
	}

	/// Copying the log may make room in it, so the task is tried again after that.
	private boolean againAfterCopying(CommitterTask<?> task) {
		try {
			afterCommit(database());
			return attemptAlone(task);
		}
		catch (SQLException ex) {
			task.fail(ex);
			return false;
		}
	}

	/// @return whether the task has its outcome, and nothing is left to try
	private boolean attemptAlone(CommitterTask<?> task) {
		boolean committing = false;
		try {
			Database database = begin();
			task.attempt(database);
			if (task.leftAllWhole(database)) {
				committing = true;
				commit(database, List.of(task));
				return true;
			}
		}
		catch (SQLException ex) {
			// after other failures a crash may bring back what SQLite has rolled back
			boolean undone = !committing || SqliteErrors.isFull(ex);
			task.fail(undone ? ex : SessionRefusals.unknown("the store failed: " + ex.getMessage(), ex));
		}
		rollback();
		return false;
	}

	private Database begin() throws SQLException {
		Database database = database();
		this.hotStates.begin();
		this.witness.begin();
		database.execute("BEGIN IMMEDIATE");
		return database;
	}

	/// Once the transaction has ended, nothing keeps the waiting callers from hearing the
	/// outcome.
	private void commit(Database database, List<CommitterTask<?>> batch) throws SQLException {
		this.tuning.commit().run(database);
		this.hotStates.committed();
		this.witness.committed();
		for (int i = 0; i < batch.size(); i++) {
			batch.get(i).decide();
		}
		this.tuning.batchSizes().accept(batch.size());
		for (int i = 0; i < batch.size(); i++) {
			batch.get(i).tell();
		}
		afterCommit(database);
	}

	private void afterCommit(Database database) {
		try {
			this.afterCommit.run(database);
		}
		catch (SQLException ex) {
			if (SqliteErrors.isFull(ex)) {
				LOG.debug("there is no room to copy the write-ahead log", ex);
			}
			else {
				LOG.warn("the write-ahead log could not be looked after", ex);
			}
		}
	}

	private Database database() throws SQLException {
		if (this.broken) {
			closeDatabase();
		}
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
			// SQLite has already rolled back by itself if it found no room. In other
			// cases a new connection is the surest way to have no transaction open
			LOG.debug("the store is opened anew", ex);
			closeDatabase();
		}
	}

	/// The next use opens another.
	private void closeDatabase() {
		this.broken = true;
		Database open = this.database;
		if (open != null) {
			try {
				open.close();
			}
			catch (SQLException ex) {
				log("the store could not be closed", ex);
			}
			this.database = null;
		}
		this.broken = false;
	}

}
