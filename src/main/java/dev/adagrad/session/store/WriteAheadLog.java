package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.function.LongSupplier;

/// Keeps SQLite's write-ahead log short: after a commit, when enough pages stand in it that are not in the database yet,
/// the committer copies them there. It does so when those who wait for the commit have been told of it, and never waits
/// for a reader. Once all is copied, the next commit begins the log anew, unless a reading that began before is still
/// under way; so long readings go through a gate, which shuts when the log has grown to several times its usual length.
///
/// What stands in the log alone must find room in the database once it is copied. So where the disk is nearly full it is
/// copied early, while there is: else a log that has taken the whole disk could never be copied, and nothing be deleted.
///
/// @see <a href="https://www.sqlite.org/wal.html">SQLite: Write-Ahead Logging</a>
final class WriteAheadLog {

	private static final String LOOK = "PRAGMA wal_checkpoint(NOOP)";

	private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";

	/// More than one batch writes, 16 MiB of values, and what SQLite adds.
	private static final int SPARE_PAGES = 5000;

	private final int checkpointPages;

	private final int longestPages;

	private final ReadGate gate;

	private final LongSupplier freePages;

	/// @param checkpointPages after how many pages they are copied
	/// @param longestPages how long the log may be before new readings wait
	/// @param freePages how many pages the disk has room for
	WriteAheadLog(int checkpointPages, int longestPages, ReadGate gate, LongSupplier freePages) {
		this.freePages = freePages;
		this.checkpointPages = checkpointPages;
		this.longestPages = longestPages;
		this.gate = gate;
	}

	Length lookAfter(Database database) throws SQLException {
		Length length = length(database, LOOK);
		// twice: what is copied needs room, and so does the next batch before it is seen
		boolean due = length.open() >= this.checkpointPages
				|| (length.open() > 0 && 2L * length.open() + SPARE_PAGES > this.freePages.getAsLong());
		if (!due && length.pages() < this.longestPages) {
			this.gate.open();
			return length;
		}
		if (due) {
			length = length(database, CHECKPOINT);
		}
		if (length.pages() >= this.longestPages && this.gate.shut()) {
			length = length(database, CHECKPOINT);
		}
		if (length.open() == 0) {
			// who reads from now on reads the database alone, and is in nobody's way
			this.gate.open();
		}
		return length;
	}

	private static Length length(Database database, String sql) throws SQLException {
		return database.one(sql, (result) -> new Length(result.getInt(2), result.getInt(3))).orElseThrow();
	}

	/// @param pages in the log
	/// @param copied how many of them are in the database too
	record Length(int pages, int copied) {

		int open() {
			return this.pages - this.copied;
		}

	}

}
