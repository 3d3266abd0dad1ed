package dev.adagrad.server;

import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;

/// Measures how fast a client takes an answer, and ends the answer if that is too slow. It counts the time spent
/// waiting for the client, and the bytes taken since the first wait: what the operating system buffers right away says
/// nothing about the client.
///
/// For one connection; for use by one thread at a time.
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

	/// Notes how many bytes the client took in one attempt to write; none if the service
	/// has to wait for the client.
	/// @throws SocketTimeoutException if the client takes the answer too slowly
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

	/// Called when the client has asked for more, or is about to: it has taken the
	/// answer.
	void ends() {
		this.bytes = 0;
		this.waitedNanos = 0;
		this.waits = false;
	}

}
