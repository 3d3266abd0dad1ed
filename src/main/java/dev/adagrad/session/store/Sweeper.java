package dev.adagrad.session.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that looks for garbage, again and again, until it is closed.
public final class Sweeper implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

	private final BooleanSupplier clearPortion;

	private final Duration interval;

	private final CountDownLatch closed = new CountDownLatch(1);

	private final Thread thread;

	/// @param clearPortion clears a portion away, and says whether there may be more
	public Sweeper(BooleanSupplier clearPortion, Duration interval) {
		this.clearPortion = clearPortion;
		this.interval = interval;
		this.thread = Thread.ofPlatform().name("store-sweeper").daemon(true).unstarted(this::run);
	}

	public void start() {
		this.thread.start();
	}

	private void run() {
		try {
			while (!this.closed.await(this.interval.toMillis(), TimeUnit.MILLISECONDS)) {
				sweep();
			}
		}
		catch (InterruptedException ex) {
			LOG.debug("the sweeper ends", ex);
		}
	}

	private void sweep() {
		try {
			boolean more = true;
			while (more && this.closed.getCount() > 0) {
				more = this.clearPortion.getAsBoolean();
			}
		}
		catch (Throwable ex) {
			log(ex);
		}
	}

	/// Whatever it was, the next time may be better; and to say so may need memory that
	/// there is none of.
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
			// lives on all the same
		}
	}

	/// Waits for the portion that is under way.
	@Override
	public void close() {
		this.closed.countDown();
		boolean interrupted = false;
		while (this.thread.isAlive()) {
			try {
				this.thread.join();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
