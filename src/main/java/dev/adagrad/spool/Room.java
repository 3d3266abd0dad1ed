package dev.adagrad.spool;

import java.io.Closeable;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Memory;

/// What one request takes while it is under way: memory, counted before it is allocated, and temporary files. All of it is
/// given back when the request is over, whatever its outcome.
///
/// Safe for use by any number of threads.
public interface Room extends Memory, Spool {

	/// @throws Refusal if the requests under way do not leave enough room
	@Override
	void take(long bytes);

	/// Closes a resource when the request is over, or at once if it is over already.
	void keep(Closeable resource);

	/// Files that count for the same client as those of the request, but may outlast it.
	/// The code that opens one closes it.
	Spool lasting();

}
