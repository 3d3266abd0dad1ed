package dev.adagrad.session.store;

import dev.adagrad.session.Session;
import dev.adagrad.session.Version;
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

	/// The row after a step, but for the time of it, which the database alone knows.
	/// @param version what the session has become
	/// @param keyCount the number of the step key written last
	SessionRow stepped(Version version, long keyCount) {
		Session old = this.session;
		return new SessionRow(this.key, this.chunkElements, keyCount,
				new Session(old.id(), old.configuration(), old.initialAccumulatorValue(), old.initialParameterValue(),
						old.initialTensors(), version, old.lifeBegan(), old.createdAt(), old.updatedAt(),
						old.expiresAt()));
	}

	/// The bytes of all its tensors together.
	long bytes() {
		return (long) size() * dtype().bytes() * (this.session.configuration().holdsParameter() ? 2 : 1);
	}

}
