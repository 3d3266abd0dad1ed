package dev.adagrad.session.store.sqlite;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.UncheckedSqlException;
import dev.adagrad.session.store.Work;
import org.jspecify.annotations.Nullable;

/// Work of the [Committer], and the future that gets its outcome.
///
/// Only the thread of the committer uses it; others wait for the future.
final class CommitterTask<A> {

	private final Work<A> work;

	final CompletableFuture<A> future = new CompletableFuture<>();

	private @Nullable A result;

	private @Nullable Throwable failure;

	/// Whether the outcome is known, since its transaction is committed.
	private boolean decided;

	final boolean makesRoom;

	/// @param makesRoom whether it may use the room that is reserved for such tasks
	CommitterTask(Work<A> work, boolean makesRoom) {
		this.work = work;
		this.makesRoom = makesRoom;
	}

	/// Notes that the transaction of the last attempt is committed.
	void decide() {
		this.decided = true;
	}

	/// Notes why the transaction of the last attempt was not committed.
	void fail(Throwable ex) {
		this.failure = ex;
	}

	/// Runs the work in a transaction that is open.
	void attempt(Database database) {
		this.result = null;
		this.failure = null;
		try {
			this.result = database.attempt(this.work);
		}
		catch (Throwable ex) {
			this.failure = ex;
		}
	}

	/// Whether the last attempt failed because the disk or the log is full.
	boolean foundNoRoom() {
		return switch (this.failure) {
			case SQLException failure -> SqliteErrors.isFull(failure);
			case UncheckedSqlException failure -> SqliteErrors.isFull(failure.sql());
			case null, default -> false;
		};
	}

	/// Whether the transaction may be committed.
	boolean leftAllWhole(Database database) {
		return switch (this.failure) {
			case null -> true;
			// SQLite may have rolled back the whole transaction by itself. That can
			// happen in a query too, if it had to write pages first and found no room
			// for them
			case SQLException _, UncheckedSqlException _ -> false;
			default -> !database.written();
		};
	}

	/// Tells the outcome of the last attempt.
	void tell() {
		if (this.failure != null) {
			Readers.tell(this.future, this.failure);
		}
		else {
			this.future.complete(this.result);
		}
	}

	/// Tells what is known, unless the task has its outcome already.
	void abandon(Throwable ex) {
		if (!this.decided) {
			this.failure = ex;
		}
		tell();
	}

}
