package dev.adagrad.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/// A fair queue in front of virtual threads: as many tasks run at a time as there are cores, in the order in which they
/// came.
///
/// The JDK's own scheduler is not fair. It interrupts nobody, and takes what its workers have made ready before what
/// comes from outside. Two clients that always have their next request ready would keep all others waiting for a tenth
/// of a second, and a body of 16 MB would keep a worker until it is read. Here
///
/// 1. a task that comes waits in one queue for its turn;
/// 2. a task that goes on for long, with the next request of its connection ([Turn#pass]) or the next part of a large
/// body ([Turn#spend]), goes to the end of the queue if anybody waits;
/// 3. a task that is about to wait, for its client or the store, gives its turn away ([Turn#leave]), and takes one
/// again before it computes ([Turn#take]);
/// 4. if all that have a turn wait without having said so, a watch lets one more in.
///
/// Safe for use by any number of threads.
final class Turns implements Executor, AutoCloseable {

	/// Reading or writing so many bytes as JSON takes about half a millisecond.
	private static final int PART_BYTES = 256 * 1024;

	private static final ScopedValue<Turn> CURRENT = ScopedValue.newInstance();

	private static final Turn NONE = new Turn(null, () -> {
	});

	private final int atOnce;

	private final long sliceNanos;

	private final Duration patience;

	private final Object lock = new Object();

	private final Deque<Turn> waiting = new ArrayDeque<>();

	private final Thread watch;

	private int running;

	/// Counts the turns that have been given, for the watch to see whether any was.
	private long given;

	private volatile boolean watched;

	private volatile boolean closed;

	/// @param atOnce how many tasks have a turn at a time, ≥ 1
	/// @param slice how long a task goes on with requests of its connection before it
	/// passes, ≥ 0: changing threads takes as long as a tenth of a short request
	/// @param patience after how long without a turn given one more is let in
	Turns(int atOnce, Duration slice, Duration patience) {
		this.atOnce = atOnce;
		this.sliceNanos = slice.toNanos();
		this.patience = patience;
		this.watch = Thread.ofPlatform().name("turns-watch").daemon(true).unstarted(this::watch);
		this.watch.start();
	}

	/// The turn of the task that this thread runs. Outside of a task there is none to be
	/// had, and to leave, to take and to pass do nothing.
	static Turn current() {
		return CURRENT.orElse(NONE);
	}

	@Override
	public void execute(Runnable task) {
		Turn turn = new Turn(this, task);
		if (begins(turn)) {
			turn.start();
		}
	}

	/// Whether it has a turn at once; else it waits.
	private boolean begins(Turn turn) {
		synchronized (this.lock) {
			if (this.running < this.atOnce) {
				this.running++;
				return true;
			}
			this.waiting.add(turn);
		}
		if (!this.watched) {
			LockSupport.unpark(this.watch);
		}
		return false;
	}

	/// Hands on a turn.
	private void end() {
		Turn next;
		synchronized (this.lock) {
			// more are running than should where the watch has let one in
			next = (this.running > this.atOnce) ? null : this.waiting.poll();
			if (next == null) {
				this.running--;
			}
			else {
				this.given++;
			}
		}
		if (next != null) {
			hand(next);
		}
	}

	/// Whoever cannot be begun for want of memory stays the first in the queue, for the
	/// watch to try again.
	private void hand(Turn next) {
		try {
			next.go();
		}
		catch (Throwable ex) {
			synchronized (this.lock) {
				this.waiting.addFirst(next);
				this.running--;
			}
			LockSupport.unpark(this.watch);
			throw ex;
		}
	}

	/// Hands a turn to whoever waits longest, and queues for another.
	/// @return whether anybody waited
	private boolean queue(Turn turn) {
		Turn next;
		synchronized (this.lock) {
			if (this.waiting.isEmpty()) {
				return false;
			}
			this.waiting.add(turn);
			turn.has = false;
			next = this.waiting.remove();
			this.given++;
		}
		hand(next);
		return true;
	}

	/// Whether anybody waits; soon no more true.
	private boolean isAwaited() {
		synchronized (this.lock) {
			return !this.waiting.isEmpty();
		}
	}

	private void watch() {
		long before = -1;
		long since = 0;
		while (!this.closed) {
			long now = System.nanoTime();
			Turn next = null;
			synchronized (this.lock) {
				this.watched = !this.waiting.isEmpty();
				if (this.watched && this.given == before && now - since >= this.patience.toNanos()) {
					next = this.waiting.remove();
					this.running++;
					this.given++;
				}
				if (this.given != before || !this.watched) {
					before = this.watched ? this.given : -1;
					since = now;
				}
			}
			if (next != null) {
				next.go();
			}
			if (this.watched) {
				LockSupport.parkNanos(this, this.patience.toNanos());
			}
			else {
				LockSupport.park(this);
			}
		}
	}

	/// Ends the watch; tasks that wait are begun all the same.
	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.watch);
	}

	/// Of one task; for its thread alone.
	static final class Turn {

		private final Optional<Turns> turns;

		private final Runnable task;

		/// Set by whoever hands a turn over, and waited for.
		private volatile boolean has = true;

		private volatile @Nullable Thread thread;

		/// The time, by [System#nanoTime], from which on this has waited for its client
		/// to send more; 0 if it does not wait.
		private volatile long waitsSince;

		private volatile boolean givenUp;

		/// When its turn began, about.
		private long since;

		private long spent;

		private Turn(@Nullable Turns turns, Runnable task) {
			this.turns = Optional.ofNullable(turns);
			this.task = task;
		}

		private void start() {
			Thread.ofVirtual().name("request").start(() -> ScopedValue.where(CURRENT, this).run(this::run));
		}

		private void run() {
			this.thread = Thread.currentThread();
			try {
				this.task.run();
			}
			finally {
				leave();
			}
		}

		private void go() {
			Thread begun = this.thread;
			this.has = true;
			if (begun == null) {
				start();
			}
			else {
				LockSupport.unpark(begun);
			}
		}

		/// Gives the turn away, if this has it.
		void leave() {
			if (this.turns.isPresent() && this.has) {
				this.has = false;
				this.turns.get().end();
			}
		}

		/// Leaves, to wait for the client to send more.
		void leaveForClient() {
			if (this.turns.isPresent()) {
				leave();
				if (this.waitsSince == 0) {
					this.waitsSince = System.nanoTime();
				}
			}
		}

		/// For how long this has waited for its client to send more; 0 if it does not
		/// wait. For any thread.
		long nanosWithoutClient() {
			long since = this.waitsSince;
			return (since != 0) ? Math.max(1, System.nanoTime() - since) : 0;
		}

		/// Ends the wait for the client, if this still waits: [#isGivenUp] until it
		/// computes again. For any thread.
		synchronized void giveUp() {
			Thread waits = this.thread;
			if (this.waitsSince != 0 && waits != null) {
				this.givenUp = true;
				waits.interrupt();
			}
		}

		/// The client has sent more, or will not: what may have been said meanwhile is no
		/// longer true.
		private synchronized void waitsNoMore() {
			this.waitsSince = 0;
			if (this.givenUp) {
				this.givenUp = false;
				Thread.interrupted();
			}
		}

		/// Whether the client is not to be waited for any longer.
		boolean isGivenUp() {
			return this.givenUp;
		}

		/// Waits for a turn, unless this has it.
		void take() {
			if (this.waitsSince != 0) {
				waitsNoMore();
			}
			if (this.turns.isPresent() && !this.has) {
				if (this.turns.get().begins(this)) {
					this.has = true;
				}
				else {
					await();
				}
			}
		}

		/// Lets the others have their turns first, if any wait.
		void pass() {
			if (this.turns.isPresent()) {
				if (!this.has) {
					take();
				}
				else if (this.turns.get().queue(this)) {
					await();
				}
			}
		}

		/// Has done what reading or writing so many bytes takes: after some of them it
		/// passes, if others wait.
		void spend(long bytes) {
			if (this.turns.isEmpty()) {
				return;
			}
			this.spent += bytes;
			if (this.spent >= PART_BYTES) {
				this.spent = 0;
				pass();
			}
		}

		/// A request begins: it has its turn, or waits for one.
		void begin() {
			take();
			if (this.since == 0) {
				this.since = System.nanoTime();
			}
		}

		/// Whether it is time to pass, and anybody waits.
		boolean isOver() {
			return this.turns.isPresent() && System.nanoTime() - this.since >= this.turns.get().sliceNanos
					&& this.turns.get().isAwaited();
		}

		/// A request has been answered: others have their turns before the next one of
		/// the connection, if this one has lasted long.
		void end() {
			if (isOver()) {
				pass();
				this.since = System.nanoTime();
			}
		}

		private void await() {
			boolean interrupted = false;
			while (!this.has) {
				LockSupport.park(this);
				interrupted |= Thread.interrupted();
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
