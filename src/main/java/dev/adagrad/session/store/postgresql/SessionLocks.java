package dev.adagrad.session.store.postgresql;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.SessionRefusals;

/// Makes the callers of one session in this replica queue up before each takes a connection. Otherwise all connections
/// would wait for the row of one hot session. A session without callers has no lock.
///
/// Safe for use by any number of threads.
final class SessionLocks {

	private final ConcurrentHashMap<OptimizerId, Place> places = new ConcurrentHashMap<>();

	private final long patienceMillis;

	private final int mostPatience;

	private final LongSupplier progress;

	private final BooleanSupplier answers;

	/// @param patienceMillis how long a caller waits while the store answers nobody
	/// @param mostPatience how often it waits that long at most while the store does
	/// answer
	/// @param progress a number that changes whenever the store has answered anybody
	/// @param answers asks whether the store answers at all
	SessionLocks(long patienceMillis, int mostPatience, LongSupplier progress, BooleanSupplier answers) {
		this.answers = answers;
		this.patienceMillis = patienceMillis;
		this.mostPatience = mostPatience;
		this.progress = progress;
	}

	/// Takes the lock of a session. The thread that took it must close it.
	/// @throws Refusal if others keep the session for too long, or the store answers
	/// nobody
	Held hold(OptimizerId id) {
		Place place = this.places.compute(id, (key, known) -> {
			Place shared = (known != null) ? known : new Place();
			shared.callers++;
			return shared;
		});
		boolean locked = false;
		try {
			locked = lock(place.lock);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw SessionRefusals.notApplied("the call was interrupted before it was applied", ex);
		}
		finally {
			if (!locked) {
				leave(id);
			}
		}
		if (!locked) {
			throw SessionRefusals.busy(id);
		}
		return () -> {
			place.lock.unlock();
			leave(id);
		};
	}

	/// The number of sessions that have callers.
	int sessions() {
		return this.places.size();
	}

	private boolean lock(ReentrantLock lock) throws InterruptedException {
		for (int i = 0; i < this.mostPatience; i++) {
			long before = this.progress.getAsLong();
			if (lock.tryLock(this.patienceMillis, TimeUnit.MILLISECONDS)) {
				return true;
			}
			if (this.progress.getAsLong() == before && !this.answers.getAsBoolean()) {
				throw SessionRefusals.notApplied("the store answers nobody", null);
			}
		}
		return false;
	}

	private void leave(OptimizerId id) {
		this.places.computeIfPresent(id, (key, place) -> {
			place.callers--;
			return (place.callers == 0) ? null : place;
		});
	}

	/// A lock that is held.
	@FunctionalInterface
	interface Held extends AutoCloseable {

		@Override
		void close();

	}

	private static final class Place {

		private final ReentrantLock lock = new ReentrantLock(true);

		/// Changed only inside the map's `compute`.
		private int callers;

	}

}
