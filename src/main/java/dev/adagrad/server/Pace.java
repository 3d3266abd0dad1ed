package dev.adagrad.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How slowly bytes may come or go: after some grace at a minimum rate, and never for longer than a bound.
///
/// `n` bytes may take `min(most, grace + n / bytesPerSecond)`. A rate alone would end a client whose first byte is late. A
/// bound on each wait alone would let a client send one byte per wait for ever.
///
/// Immutable.
///
/// @param bytesPerSecond the minimum rate, ≥ 1
/// @param grace the time that may be lost on the way, > 0
/// @param most the longest time in all, > 0
record Pace(long bytesPerSecond, Duration grace, Duration most) {

	/// Whether the bytes so far have taken too long.
	/// @param bytes the number of bytes that have come, ≥ 0
	/// @param nanos the time since the wait for the first byte began
	boolean isTooSlow(long bytes, long nanos) {
		return nanos > this.most.toNanos()
				|| nanos - this.grace.toNanos() > bytes / (double) this.bytesPerSecond * TimeUnit.SECONDS.toNanos(1);
	}

}
