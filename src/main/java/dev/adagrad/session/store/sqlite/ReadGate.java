package dev.adagrad.session.store.sqlite;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets long readings through, until it is shut because the write-ahead log, which cannot begin anew under a reading,
/// has grown too long; then those that come wait until the last that is under way has ended and the log is emptied.
///
/// Safe for use by any number of threads.
final class ReadGate {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition opened = this.lock.newCondition();

	private final Runnable whenDrained;

	private int inside;

	private boolean shut;

	/// @param whenDrained run when the last reading behind a shut gate has ended
	ReadGate(Runnable whenDrained) {
		this.whenDrained = whenDrained;
	}

	void enter() {
		this.lock.lock();
		try {
			while (this.shut) {
				this.opened.awaitUninterruptibly();
			}
			this.inside++;
		}
		finally {
			this.lock.unlock();
		}
	}

	void leave() {
		boolean drained;
		this.lock.lock();
		try {
			this.inside--;
			drained = this.shut && this.inside == 0;
		}
		finally {
			this.lock.unlock();
		}
		if (drained) {
			this.whenDrained.run();
		}
	}

	/// Lets nobody in any more.
	/// @return whether nobody is inside
	boolean shut() {
		this.lock.lock();
		try {
			this.shut = true;
			return this.inside == 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	void open() {
		this.lock.lock();
		try {
			if (this.shut) {
				this.shut = false;
				this.opened.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
