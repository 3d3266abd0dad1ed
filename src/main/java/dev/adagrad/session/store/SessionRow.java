package dev.adagrad.session.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.DType;

/// A session as it stands in its row.
///
/// The row's checksum is the CRC32C of what stands in it, but for the times, which the database alone knows, and the key:
/// those of the chunks are about the id too, so that what belongs to another session is not taken for its own.
///
/// @param shard on which part of the database it is
/// @param key what its chunks and step keys refer to; never that of another session
/// @param chunkElements how many elements a chunk has, the last one apart
/// @param keyCount the number of the step key written last
/// @param changes how often the row was written
/// @param storedChunks how many rows it has in `chunks`, those of all tensors together
/// @param origin the checksum of what never changes: id, configuration, digest of the initial tensors
/// @param session the rest
public record SessionRow(int shard, long key, int chunkElements, long keyCount, long changes, long storedChunks,
		int origin, Session session) {

	/// What a query must select for [#read].
	static final String COLUMNS = """
			session_key, id, step, incarnation, incarnation_began, configuration, initial_tensors, chunk_elements, key_count,
			created_at, updated_at, expires_at, shard, changes, stored_chunks, checksum""";

	/// Reads a row of [#COLUMNS].
	/// @throws Refusal if it is not as it was written
	static SessionRow read(ResultSet result) throws SQLException {
		String id = result.getString(2);
		String configuration = result.getString(6);
		byte[] initialTensors = result.getBytes(7);
		long expiresAt = result.getLong(12);
		Optional<Instant> expiry = result.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expiresAt));
		int checksum = result.getInt(16);
		boolean checked = !result.wasNull();
		SessionRow row;
		try {
			ConfigurationJson json = ConfigurationJson.read(configuration);
			Session session = new Session(new OptimizerId(id), json.configuration(), json.initialAccumulatorValue(),
					json.initialParameterValue(), Sha256.ofBytes(initialTensors),
					new Version(result.getLong(3), result.getString(4)), result.getLong(5),
					Instant.ofEpochMilli(result.getLong(10)), Instant.ofEpochMilli(result.getLong(11)), expiry);
			row = new SessionRow(result.getInt(13), result.getLong(1), result.getInt(8), result.getLong(9),
					result.getLong(14), result.getLong(15), origin(id, configuration, initialTensors), session);
		}
		catch (RuntimeException ex) {
			throw SessionRefusals.damaged(id, "its row cannot be read", ex);
		}
		if (checked && checksum != row.checksum()) {
			throw SessionRefusals.damaged(id, "its row has another checksum than it was written with", null);
		}
		return row;
	}

	/// @param initialTensors their digest
	static int origin(String id, String configuration, byte[] initialTensors) {
		CRC32C crc = new CRC32C();
		crc.update(id.getBytes(StandardCharsets.UTF_8));
		crc.update(0);
		crc.update(configuration.getBytes(StandardCharsets.UTF_8));
		crc.update(0);
		crc.update(initialTensors);
		return (int) crc.getValue();
	}

	int checksum() {
		Version version = this.session.version();
		CRC32C crc = new CRC32C();
		crc.update(ByteBuffer.allocate(2 * Integer.BYTES + 5 * Long.BYTES)
			.putInt(this.origin)
			.putInt(this.chunkElements)
			.putLong(version.step())
			.putLong(this.session.incarnationBegan())
			.putLong(this.keyCount)
			.putLong(this.changes)
			.putLong(this.storedChunks)
			.flip());
		crc.update(version.incarnation().getBytes(StandardCharsets.UTF_8));
		return (int) crc.getValue();
	}

	DType dtype() {
		return this.session.configuration().dtype();
	}

	long size() {
		return this.session.configuration().size();
	}

	/// How many tensors it has.
	int tensors() {
		return this.session.configuration().holdsParameter() ? 2 : 1;
	}

	/// How many chunks a tensor has, stored or not.
	long chunks() {
		return Math.ceilDiv(size(), this.chunkElements);
	}

	/// How many chunks all tensors have together, stored or not.
	long allChunks() {
		return tensors() * chunks();
	}

	/// How many bytes all tensors have together.
	long allBytes() {
		return tensors() * size() * dtype().bytes();
	}

	/// Whether each chunk of each tensor has a row.
	boolean isWhole() {
		return this.storedChunks == allChunks();
	}

	/// The same with chunks of another length.
	/// @param stored how many of them have rows
	SessionRow withChunks(int elements, long stored) {
		return new SessionRow(this.shard, this.key, elements, this.keyCount, this.changes, stored, this.origin,
				this.session);
	}

	/// The row when it has been written once more, but for the time of that, which the
	/// database alone knows.
	/// @param version what the session has become
	/// @param incarnationBegan the step at which this incarnation began
	/// @param keyCount the number of the step key written last
	/// @param stored how many chunks have rows
	SessionRow changed(Version version, long incarnationBegan, long keyCount, long stored) {
		Session old = this.session;
		return new SessionRow(this.shard, this.key, this.chunkElements, keyCount, this.changes + 1, stored, this.origin,
				new Session(old.id(), old.configuration(), old.initialAccumulatorValue(), old.initialParameterValue(),
						old.initialTensors(), version, incarnationBegan, old.createdAt(), old.updatedAt(),
						old.expiresAt()));
	}

	/// The bytes of all its tensors together.
	public long bytes() {
		return size() * dtype().bytes() * tensors();
	}

}
