package dev.adagrad.session.store.sqlite;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/// Tells those who wait for the store that they wait in vain.
final class Refusals {

	private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

	private Refusals() {
	}

	/// Completes a future, however often it takes: telling needs a little memory, which
	/// there may be none of just now, and who is never told waits for ever.
	static void tell(CompletableFuture<?> future, Throwable failure) {
		while (!future.isDone()) {
			try {
				future.completeExceptionally(failure);
			}
			catch (VirtualMachineError _) {
				LockSupport.parkNanos(PAUSE_NANOS);
			}
		}
	}

}
