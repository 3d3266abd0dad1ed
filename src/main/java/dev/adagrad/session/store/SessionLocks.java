package dev.adagrad.session.store;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.SessionBusyException;
import dev.adagrad.session.StoreUnavailableException;

/// Has the callers of one session in this replica queue up before they take a connection each: else one hot session would
/// have all connections wait for its row. A session that nobody calls has no lock.
///
/// Safe for use by any number of threads.
final class SessionLocks {

	private final ConcurrentHashMap<OptimizerId, Place> places = new ConcurrentHashMap<>();

	private final long patienceMillis;

	SessionLocks(long patienceMillis) {
		this.patienceMillis = patienceMillis;
	}

	/// To be closed by the thread that got it.
	/// @throws SessionBusyException if others keep the session for too long
	Held hold(OptimizerId id) {
		Place place = this.places.compute(id, (key, known) -> {
			Place shared = (known != null) ? known : new Place();
			shared.callers++;
			return shared;
		});
		boolean locked = false;
		try {
			locked = place.lock.tryLock(this.patienceMillis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new StoreUnavailableException("the call was interrupted before it was applied", ex);
		}
		finally {
			if (!locked) {
				leave(id);
			}
		}
		if (!locked) {
			throw new SessionBusyException(id);
		}
		return () -> {
			place.lock.unlock();
			leave(id);
		};
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
