package dev.adagrad.session;

/// Told that a call is about to wait for the store, on the thread of that call.
@FunctionalInterface
public interface StoreWait {

	/// The thread computes nothing more until the store has answered.
	void begins();

}
