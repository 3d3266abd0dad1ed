package dev.adagrad.session.store;

import dev.adagrad.session.Session;
import dev.adagrad.tensor.DType;

/// A session as it stands in its row.
///
/// @param key what its chunks and step keys refer to; never that of another session
/// @param chunkElements how many elements a chunk has, the last one apart
/// @param keyCount the number of the step key written last
/// @param session the rest
record SessionRow(long key, int chunkElements, long keyCount, Session session) {

	DType dtype() {
		return this.session.configuration().dtype();
	}

	int size() {
		return this.session.configuration().size();
	}

	/// The same with chunks of another length.
	SessionRow withChunkElements(int elements) {
		return new SessionRow(this.key, elements, this.keyCount, this.session);
	}

	/// The bytes of all its tensors together.
	long bytes() {
		return (long) size() * dtype().bytes() * (this.session.configuration().holdsParameter() ? 2 : 1);
	}

}
