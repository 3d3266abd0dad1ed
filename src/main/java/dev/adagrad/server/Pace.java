package dev.adagrad.server;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How slowly bytes may come or go: after some grace with a least rate, and never for longer than a bound.
///
/// `n` bytes may take `min(most, grace + n / bytesPerSecond)`. A rate alone would end a client whose first byte is late, and
/// a bound on each wait alone would let it send one byte a wait for ever.
///
/// Immutable.
///
/// @param bytesPerSecond the least rate, ≥ 1
/// @param grace what may be lost on the way, > 0
/// @param most how long it may take in all, > 0
record Pace(long bytesPerSecond, Duration grace, Duration most) {

	/// Whether so many bytes have taken too long.
	/// @param bytes that have come, ≥ 0
	/// @param nanos since the first was waited for
	boolean isTooSlow(long bytes, long nanos) {
		return nanos > this.most.toNanos()
				|| nanos - this.grace.toNanos() > bytes / (double) this.bytesPerSecond * TimeUnit.SECONDS.toNanos(1);
	}

}
