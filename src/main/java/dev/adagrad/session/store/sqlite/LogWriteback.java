package dev.adagrad.session.store.sqlite;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Brings the write-ahead log to the disk while more is written, where commits do not wait for the disk. Else a
/// checkpoint would wait until all of the log is there, and all writers with it. The log is no more durable for it.
///
/// To be told by one thread; another one waits for the disk.
final class LogWriteback implements AutoCloseable {

	/// After how many bytes. Without this a checkpoint of 32 MiB waited 18 ms for the
	/// disk, four times a second.
	static final long PORTION_BYTES = 4 << 20;

	private final Runnable sync;

	private final ExecutorService thread = Executors
		.newSingleThreadExecutor(Thread.ofPlatform().name("store-writeback").daemon(true).factory());

	private Future<?> underWay = CompletableFuture.completedFuture(null);

	private long begun;

	/// @param sync returns when the disk has all that stands in the log
	LogWriteback(Runnable sync) {
		this.sync = sync;
	}

	/// Has the log brought to the disk if enough was added, and all that was before is
	/// there.
	/// @param bytes of the log as it is now; fewer than before where it has begun anew
	/// @return whether it is on its way from now on
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
