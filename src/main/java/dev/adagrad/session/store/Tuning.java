package dev.adagrad.session.store;

import java.time.Duration;
import java.util.function.IntConsumer;

/// The settings of a store that its user does not set.
///
/// @param chunkBytes about how many bytes a chunk of a new session has
/// @param batchLimit the most tasks that one transaction of SQLite takes
/// @param batchBytes after this many bytes written it takes no more tasks
/// @param commit ends a transaction of SQLite
/// @param batchSizes told how many tasks each transaction of SQLite took
/// @param sweepInterval how often the store looks for expired sessions, garbage and idle tensors, and at the file of
/// the database
/// @param hotBytes how many bytes of sessions (rows and tensors) SQLite's writer keeps in memory
public record Tuning(int chunkBytes, int batchLimit, long batchBytes, Work<?> commit, IntConsumer batchSizes,
		Duration sweepInterval, long hotBytes) {

	private static final long MOST_HOT_BYTES = 64 << 20;

	private static final int HOT_PART_OF_HEAP = 16;

	/// For PostgreSQL. A row of this length stays where it is, uncompressed, since it is
	/// shorter than what goes to another table (2,032 bytes). A page has room for five
	/// rows, and one of these places is filled at first. So there is room for what a few
	/// steps write while other transactions keep the values of the first step from being
	/// cleared away. Measured with two clients, 800 dense steps of 1e5 elements, without
	/// VACUUM, against 3.2 MB of tensors: 16 MB, no row moved; with four rows a page
	/// (1,896 bytes) 27 MB, 0.25 % moved; with six (1,296) 20 MB and 1.1 times as long.
	private static final int POSTGRESQL_CHUNK_BYTES = 1568;

	/// For SQLite. A chunk stays in the processor's second-level cache from the time it
	/// is made until it is in the log. A dense step of 1e6 elements takes 0.9 of the time
	/// that it takes with chunks of 1 MiB.
	private static final int CHUNK_BYTES = 128 << 10;

	/// The tuning for SQLite.
	/// @param batchSizes told how many tasks each transaction took
	public static Tuning sqlite(IntConsumer batchSizes) {
		return of(CHUNK_BYTES, batchSizes);
	}

	public static Tuning postgresql() {
		return of(POSTGRESQL_CHUNK_BYTES, (size) -> {
		});
	}

	private static Tuning of(int chunkBytes, IntConsumer batchSizes) {
		long hotBytes = Math.min(MOST_HOT_BYTES, Runtime.getRuntime().maxMemory() / HOT_PART_OF_HEAP);
		return new Tuning(chunkBytes, 256, 16 << 20, (database) -> {
			database.execute("COMMIT");
			return database;
		}, batchSizes, Duration.ofSeconds(5), hotBytes);
	}

}
