package dev.adagrad.server;

import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/// How fast a client takes an answer, which must not be too slowly. What counts is the time that was spent waiting for
/// the client, and the bytes that it has taken since the first wait: what the operating system buffers at once says
/// nothing of the client.
///
/// For one connection; to be used by one thread at a time.
final class PacedAnswer {

	private final Pace pace;

	private final LongSupplier nanoTime;

	private long bytes;

	private long waitedNanos;

	private long waitsSince;

	private boolean waits;

	/// @param nanoTime a clock
	PacedAnswer(Pace pace, LongSupplier nanoTime) {
		this.pace = pace;
		this.nanoTime = nanoTime;
	}

	/// So many bytes were taken at this attempt to write, none if the client has to be
	/// waited for.
	/// @throws SocketTimeoutException if the answer is taken too slowly
	void taken(int count) throws SocketTimeoutException {
		if (count == 0) {
			if (!this.waits) {
				this.waits = true;
				this.waitsSince = this.nanoTime.getAsLong();
			}
		}
		else if (this.waits || this.waitedNanos > 0) {
			this.bytes += Math.max(0, count);
		}
		if (this.waits) {
			long now = this.nanoTime.getAsLong();
			this.waitedNanos += now - this.waitsSince;
			this.waitsSince = now;
			this.waits = count == 0;
			if (this.pace.isTooSlow(this.bytes, this.waitedNanos)) {
				throw new SocketTimeoutException("the answer is taken too slowly");
			}
		}
	}

	/// The client has asked for more, or is about to: what was answered is behind it.
	void ends() {
		this.bytes = 0;
		this.waitedNanos = 0;
		this.waits = false;
	}

}
