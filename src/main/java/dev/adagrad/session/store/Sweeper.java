package dev.adagrad.session.store;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that looks for garbage repeatedly until it is closed.
public final class Sweeper implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

	private final BooleanSupplier clearPortion;

	private final Duration interval;

	private final ScheduledExecutorService thread = Executors
		.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("store-sweeper").daemon(true).factory());

	/// @param clearPortion clears a portion, and says whether there may be more
	public Sweeper(BooleanSupplier clearPortion, Duration interval) {
		this.clearPortion = clearPortion;
		this.interval = interval;
	}

	public void start() {
		long nanos = this.interval.toNanos();
		var _ = this.thread.scheduleWithFixedDelay(this::sweep, nanos, nanos, TimeUnit.NANOSECONDS);
	}

	private void sweep() {
		try {
			boolean more = true;
			while (more && !this.thread.isShutdown()) {
				more = this.clearPortion.getAsBoolean();
			}
		}
		catch (Throwable ex) {
			log(ex);
		}
	}

	/// Whatever the failure was, the next attempt may succeed. Logging it may need memory
	/// that is missing.
	private static void log(Throwable ex) {
		try {
			if (ex instanceof Error) {
				LOG.error("what is left of deleted sessions stays for now", ex);
			}
			else {
				LOG.debug("what is left of deleted sessions stays for now", ex);
			}
		}
		catch (Throwable _) {
			// the thread lives on all the same
		}
	}

	/// Waits for the current portion.
	@Override
	public void close() {
		this.thread.close();
	}

}
