package dev.adagrad.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/// A fair queue in front of virtual threads: as many tasks run at a time as there are cores, in the order of their
/// arrival.
///
/// The JDK's own scheduler is not fair. It interrupts no task, and it prefers tasks that its workers have made ready
/// to tasks from outside. Two clients that always have their next request ready would keep all others waiting for a
/// tenth of a second, and a body of 16 MB would keep a worker until it is read. Here
///
/// 1. a new task waits in one queue for its turn;
/// 2. a task that runs for long, with the next request of its connection ([Turn#pass]) or the next part of a large
/// body ([Turn#spend]), goes to the end of the queue if another task waits;
/// 3. a task that is about to wait, for its client or the store, gives its turn away ([Turn#leave]), and takes one
/// again before it computes ([Turn#take]);
/// 4. if all tasks with a turn wait without saying so, a watch lets one more task in.
///
/// Safe for use by any number of threads.
final class Turns implements Executor, AutoCloseable {

	/// Reading or writing this many bytes as JSON takes about half a millisecond.
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

	/// Counts the turns given, so that the watch sees whether any was given.
	private long given;

	private volatile boolean watched;

	private volatile boolean closed;

	/// @param atOnce how many tasks have a turn at a time, ≥ 1
	/// @param slice how long a task goes on with requests of its connection before it
	/// passes, ≥ 0: a change of threads costs a tenth of a short request
	/// @param patience how long no turn must have been given before one more task is let
	/// in
	Turns(int atOnce, Duration slice, Duration patience) {
		this.atOnce = atOnce;
		this.sliceNanos = slice.toNanos();
		this.patience = patience;
		this.watch = Thread.ofPlatform().name("turns-watch").daemon(true).unstarted(this::watch);
		this.watch.start();
	}

	/// The turn of the task that this thread runs. Outside of a task there are no turns,
	/// and `leave`, `take` and `pass` do nothing.
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

	/// Whether the task gets its turn at once; otherwise it is queued.
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

	/// Passes a turn on.
	private void end() {
		Turn next;
		synchronized (this.lock) {
			// more tasks than allowed are running if the watch has let one in
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

	/// Starts a task. If there is not enough memory for that, it stays first in the
	/// queue, and the watch tries again.
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

	/// Gives the turn to the task that waits longest, and queues this one for another.
	/// @return whether a task waited
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

	/// Whether a task waits; the answer may soon be out of date.
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

	/// Ends the watch. Waiting tasks are started all the same.
	@Override
	public void close() {
		this.closed = true;
		LockSupport.unpark(this.watch);
	}

	/// The turn of one task; for use by its thread alone.
	static final class Turn {

		private final Optional<Turns> turns;

		private final Runnable task;

		/// The thread that hands a turn over sets this; the receiver waits for it.
		private volatile boolean has = true;

		private volatile @Nullable Thread thread;

		/// The time, by [System#nanoTime], at which this task began to wait for its
		/// client to send more; 0 if it does not wait.
		private volatile long waitsSince;

		private volatile boolean givenUp;

		/// About when its turn began.
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

		/// Gives the turn away, if this task has it.
		void leave() {
			if (this.turns.isPresent() && this.has) {
				this.has = false;
				this.turns.get().end();
			}
		}

		/// Gives the turn away to wait for the client to send more.
		void leaveForClient() {
			if (this.turns.isPresent()) {
				leave();
				if (this.waitsSince == 0) {
					this.waitsSince = System.nanoTime();
				}
			}
		}

		/// How long this task has waited for its client to send more; 0 if it does not
		/// wait. Any thread may call this.
		long nanosWithoutClient() {
			long since = this.waitsSince;
			return (since != 0) ? Math.max(1, System.nanoTime() - since) : 0;
		}

		/// Ends the wait for the client, if this task still waits: [#isGivenUp] is true
		/// until it computes again. Any thread may call this.
		synchronized void giveUp() {
			Thread waits = this.thread;
			if (this.waitsSince != 0 && waits != null) {
				this.givenUp = true;
				waits.interrupt();
			}
		}

		/// Called when the client has sent more, or will not send more: [#isGivenUp] no
		/// longer applies.
		private synchronized void waitsNoMore() {
			this.waitsSince = 0;
			if (this.givenUp) {
				this.givenUp = false;
				Thread.interrupted();
			}
		}

		/// Whether the task must not wait for its client any longer.
		boolean isGivenUp() {
			return this.givenUp;
		}

		/// Waits for a turn, unless this task has it.
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

		/// Lets other tasks have their turns first, if any wait.
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

		/// Counts the work of reading or writing some bytes. After enough bytes the task
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

		/// Called when a request begins: it has its turn or waits for one.
		void begin() {
			take();
			if (this.since == 0) {
				this.since = System.nanoTime();
			}
		}

		/// Whether it is time to pass and another task waits.
		boolean isOver() {
			return this.turns.isPresent() && System.nanoTime() - this.since >= this.turns.get().sliceNanos
					&& this.turns.get().isAwaited();
		}

		/// Called when a request has been answered. If this turn has lasted long, others
		/// have their turns before the next request of the connection.
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
