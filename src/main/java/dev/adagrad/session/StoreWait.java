package dev.adagrad.session;

/// Told where a call is about to wait for the store, by its own thread.
@FunctionalInterface
public interface StoreWait {

	/// The thread computes nothing more before the store has answered.
	void begins();

}
