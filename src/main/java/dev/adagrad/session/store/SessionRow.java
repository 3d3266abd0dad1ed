package dev.adagrad.session.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.DType;

/// A session as it stands in its row.
///
/// @param key what its chunks and step keys refer to; never that of another session
/// @param chunkElements how many elements a chunk has, the last one apart
/// @param keyCount the number of the step key written last
/// @param session the rest
record SessionRow(long key, int chunkElements, long keyCount, Session session) {

	/// What a query must select for [#read].
	static final String COLUMNS = """
			session_key, id, step, life, life_began, configuration, initial_tensors, chunk_elements, key_count,
			created_at, updated_at, expires_at""";

	/// Reads a row of [#COLUMNS].
	static SessionRow read(ResultSet result) throws SQLException {
		ConfigurationJson json = ConfigurationJson.read(result.getString(6));
		long expiresAt = result.getLong(12);
		Optional<Instant> expiry = result.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expiresAt));
		Session session = new Session(new OptimizerId(result.getString(2)), json.configuration(),
				json.initialAccumulatorValue(), json.initialParameterValue(), Sha256.ofBytes(result.getBytes(7)),
				new Version(result.getLong(3), result.getString(4)), result.getLong(5),
				Instant.ofEpochMilli(result.getLong(10)), Instant.ofEpochMilli(result.getLong(11)), expiry);
		return new SessionRow(result.getLong(1), result.getInt(8), result.getLong(9), session);
	}

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
