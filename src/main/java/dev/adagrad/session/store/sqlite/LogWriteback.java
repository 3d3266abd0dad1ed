package dev.adagrad.session.store.sqlite;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Brings the write-ahead log to the disk while more is written, where commits do not wait for the disk. Otherwise a
/// checkpoint would wait until the whole log is there, and all writers with it. This makes the log no more durable.
///
/// One thread calls this; another one waits for the disk.
final class LogWriteback implements AutoCloseable {

	/// The log is brought to the disk after this many bytes. Without this a checkpoint of
	/// 32 MiB waited 18 ms for the disk, four times a second.
	static final long PORTION_BYTES = 4 << 20;

	private final Runnable sync;

	private final ExecutorService thread = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().name("store-writeback").daemon(true).factory());

	private Future<?> underWay = CompletableFuture.completedFuture(null);

	private long begun;

	/// @param sync returns when the disk has the whole log
	LogWriteback(Runnable sync) {
		this.sync = sync;
	}

	/// Starts to bring the log to the disk if enough was added and the last run has
	/// ended.
	/// @param bytes the length of the log now; it is smaller than before if the log has
	/// begun anew
	/// @return whether a run has started
	boolean grown(long bytes) {
		if (bytes < this.begun) {
			this.begun = 0;
		}
		if (bytes - this.begun < PORTION_BYTES || !this.underWay.isDone()) {
			return false;
		}
		this.underWay = this.thread.submit(this.sync);
		this.begun = bytes;
		return true;
	}

	@Override
	public void close() {
		this.thread.close();
	}

}
