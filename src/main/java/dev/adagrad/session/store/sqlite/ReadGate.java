package dev.adagrad.session.store.sqlite;

/// Keeps long readings out while the write-ahead log is too long, since the log cannot begin anew during a reading.
/// They wait until the last current reading has ended and the log is emptied.
///
/// Safe for use by any number of threads.
final class ReadGate {

	private final Runnable whenDrained;

	private int inside;

	private boolean shut;

	/// @param whenDrained run when the last reading has ended after the gate was shut
	ReadGate(Runnable whenDrained) {
		this.whenDrained = whenDrained;
	}

	synchronized void enter() {
		boolean interrupted = false;
		while (this.shut) {
			try {
				wait();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		this.inside++;
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	void leave() {
		boolean drained;
		synchronized (this) {
			this.inside--;
			drained = this.shut && this.inside == 0;
		}
		if (drained) {
			this.whenDrained.run();
		}
	}

	/// Lets no more readings in.
	/// @return whether nobody is inside
	synchronized boolean shut() {
		this.shut = true;
		return this.inside == 0;
	}

	synchronized void open() {
		this.shut = false;
		notifyAll();
	}

}
