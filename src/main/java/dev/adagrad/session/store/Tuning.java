package dev.adagrad.session.store;

import java.time.Duration;
import java.util.function.IntConsumer;

/// What a store does its work with, apart from what its user sets.
///
/// @param chunkBytes about how many bytes a chunk of a new session has
/// @param batchLimit how many tasks one transaction of SQLite takes at most
/// @param batchBytes after how many bytes written it takes no more
/// @param commit ends a transaction of SQLite
/// @param batchSizes told how many tasks each transaction of SQLite took
/// @param sweepInterval how often expired sessions and garbage are looked for
record Tuning(int chunkBytes, int batchLimit, long batchBytes, Work<?> commit, IntConsumer batchSizes,
		Duration sweepInterval) {

	/// Chunks of 1 MiB: the fastest for dense steps, and small enough that a session
	/// of any size streams.
	static Tuning standard() {
		return new Tuning(1 << 20, 256, 16 << 20, (database) -> {
			database.execute("COMMIT");
			return database;
		}, (size) -> {
		}, Duration.ofSeconds(5));
	}

	Tuning withChunkBytes(int bytes) {
		return new Tuning(bytes, this.batchLimit, this.batchBytes, this.commit, this.batchSizes, this.sweepInterval);
	}

	Tuning withBatchLimit(int limit) {
		return new Tuning(this.chunkBytes, limit, this.batchBytes, this.commit, this.batchSizes, this.sweepInterval);
	}

	Tuning withCommit(Work<?> replacement) {
		return new Tuning(this.chunkBytes, this.batchLimit, this.batchBytes, replacement, this.batchSizes,
				this.sweepInterval);
	}

	Tuning withBatchSizes(IntConsumer listener) {
		return new Tuning(this.chunkBytes, this.batchLimit, this.batchBytes, this.commit, listener, this.sweepInterval);
	}

	Tuning withSweepInterval(Duration interval) {
		return new Tuning(this.chunkBytes, this.batchLimit, this.batchBytes, this.commit, this.batchSizes, interval);
	}

}
