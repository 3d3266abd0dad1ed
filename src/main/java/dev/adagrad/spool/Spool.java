package dev.adagrad.spool;

import java.io.IOException;

import dev.adagrad.refusal.Refusal;

/// Opens temporary files. Each belongs to a scope, such as a request, which closes it at its end, whatever happened; who
/// is done earlier may close it earlier.
///
/// Safe for use by any number of threads.
@FunctionalInterface
public interface Spool {

	/// A new, empty file.
	/// @throws Refusal if there is no room
	/// @throws IOException if none can be opened for another reason
	SpoolFile open() throws IOException;

}
