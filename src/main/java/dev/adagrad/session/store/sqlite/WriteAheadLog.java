package dev.adagrad.session.store.sqlite;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongSupplier;

import dev.adagrad.session.store.Database;

/// Keeps SQLite's write-ahead log short. When many of its pages are not in the database yet, the committer copies them
/// there after a commit, once all callers have been told of it. It never waits for a reader.
///
/// The log begins anew with the commit after that, but not during a reading. So long readings go through a gate, which
/// shuts when the log is several times as long as usual.
///
/// Copied pages need room in the database. So if the disk is nearly full, the log is copied early: a log that had taken
/// the whole disk could never be copied, and nothing could be deleted.
///
/// @param pageBytes the page size of the database, which keeps the one it was made with
/// @param gate the gate of the readings that keep the log from beginning anew
/// @param freeBytes how many bytes are free on the disk
/// @param writeback told how long the log is, if commits do not wait for the disk
/// @see <a href="https://www.sqlite.org/wal.html">SQLite: Write-Ahead Logging</a>
record WriteAheadLog(int pageBytes, ReadGate gate, LongSupplier freeBytes, Optional<LogWriteback> writeback) {

	private static final String LOOK = "PRAGMA wal_checkpoint(NOOP)";

	private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";

	/// The pages are copied after this many bytes. With twice as many, a dense step of
	/// 1e6 elements took no less time.
	private static final long CHECKPOINT_BYTES = 32 << 20;

	/// The length of the log from which new readings wait.
	private static final long LONGEST_BYTES = 256 << 20;

	/// More than one batch writes: 16 MiB of values, and what SQLite adds.
	private static final long SPARE_BYTES = 20 << 20;

	Length lookAfter(Database database) throws SQLException {
		Length length = length(database, LOOK);
		if (this.writeback.isPresent()) {
			this.writeback.get().grown(length.whole());
		}
		// twice, since the copied pages need room, and so does the next batch, which is
		// written before the next look
		boolean due = length.open() >= CHECKPOINT_BYTES
				|| (length.open() > 0 && 2 * length.open() + SPARE_BYTES > this.freeBytes.getAsLong());
		if (!due && length.whole() < LONGEST_BYTES) {
			this.gate.open();
			return length;
		}
		if (due) {
			length = length(database, CHECKPOINT);
		}
		if (length.whole() >= LONGEST_BYTES && this.gate.shut()) {
			length = length(database, CHECKPOINT);
		}
		if (length.open() == 0) {
			// readings that begin now read the database alone, and keep the log from
			// nothing
			this.gate.open();
		}
		return length;
	}

	private Length length(Database database, String sql) throws SQLException {
		return database
			.one(sql, (result) -> new Length(result.getLong(2) * this.pageBytes, result.getLong(3) * this.pageBytes))
			.orElseThrow();
	}

	/// The length of the log in bytes.
	///
	/// @param whole of all pages in the log
	/// @param copied of the pages that are in the database too
	record Length(long whole, long copied) {

		long open() {
			return this.whole - this.copied;
		}

	}

}
