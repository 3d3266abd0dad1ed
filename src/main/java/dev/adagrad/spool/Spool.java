package dev.adagrad.spool;

import java.io.IOException;

import dev.adagrad.refusal.Refusal;

/// Opens temporary files. Each belongs to a scope, such as a request, and the scope closes it when it ends, whatever
/// happened. Code that is done with it earlier may close it earlier.
///
/// Safe for use by any number of threads.
@FunctionalInterface
public interface Spool {

	/// Opens a new, empty file.
	/// @throws Refusal if there is no room
	/// @throws IOException if the file cannot be opened for another reason
	SpoolFile open() throws IOException;

}
