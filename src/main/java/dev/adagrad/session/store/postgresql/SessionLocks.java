package dev.adagrad.session.store.postgresql;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.SessionRefusals;

/// Has the callers of one session in this replica queue up before they take a connection each: else one hot session would
/// have all connections wait for its row. A session that nobody calls has no lock.
///
/// Safe for use by any number of threads.
final class SessionLocks {

	private final ConcurrentHashMap<OptimizerId, Place> places = new ConcurrentHashMap<>();

	private final long patienceMillis;

	private final int mostPatience;

	private final LongSupplier progress;

	private final BooleanSupplier answers;

	/// @param patienceMillis for how long a caller waits while nothing moves
	/// @param mostPatience how often it does so again, while something does
	/// @param progress a number that changes whenever the store has answered anybody
	/// @param answers asks whether the store answers at all
	SessionLocks(long patienceMillis, int mostPatience, LongSupplier progress, BooleanSupplier answers) {
		this.answers = answers;
		this.patienceMillis = patienceMillis;
		this.mostPatience = mostPatience;
		this.progress = progress;
	}

	/// To be closed by the thread that got it.
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

	/// How many sessions there are callers of.
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

		/// Changed inside the map's `compute` alone.
		private int callers;

	}

}
