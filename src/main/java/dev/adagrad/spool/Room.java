package dev.adagrad.spool;

import java.io.Closeable;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.tensor.Memory;

/// What one request takes while it is under way: memory, counted before it is allocated, and temporary files. All of it is
/// given back when the request is over, whatever came of it.
///
/// Safe for use by any number of threads.
public interface Room extends Memory, Spool {

	/// @throws Refusal if the requests under way leave no room for so much
	@Override
	void take(long bytes);

	/// Has something else closed when the request is over; at once, if it is.
	void keep(Closeable resource);

	/// Files that count for the same client as those of the request, but outlast it: who
	/// opens one closes it.
	Spool lasting();

}
