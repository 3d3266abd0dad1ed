package dev.adagrad.session.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

import dev.adagrad.caller.Tenant;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Configuration;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.Vector;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.DType;

/// A session as its row has it.
///
/// The row's checksum is the CRC32C of its content, without the times, which only the database knows, and without the
/// key. The checksums of the chunks cover the id too, so that data of another session is not taken for its own.
///
/// @param shard the part of the database that the session is on
/// @param key its chunks and step keys refer to this; no other session ever has it
/// @param chunkElements how many elements a chunk has; the last one may have fewer
/// @param keyCount the number of the step key written last
/// @param changes how often the row was written
/// @param storedChunks how many rows it has in `chunks`, for both vectors together
/// @param origin the checksum of what never changes: id with its tenant, owner, configuration, digest of the initial tensors
/// @param session all the rest
public record SessionRow(int shard, long key, int chunkElements, long keyCount, long changes, long storedChunks,
		int origin, Session session) {

	/// The columns that a query must select for [#read].
	static final String COLUMNS = """
			session_key, id, step, incarnation, incarnation_began, configuration, initial_tensors, chunk_elements, keys_written,
			created_at, updated_at, expires_at, shard, changes, stored_chunks, checksum, tenant, owner""";

	/// Reads a row of [#COLUMNS].
	/// @throws Refusal if the row is not as it was written
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
			int chunkElements = result.getInt(8);
			long stored = result.getLong(15);
			OptimizerId name = new OptimizerId(new Tenant(result.getString(17)), id);
			String owner = result.getString(18);
			Session session = new Session(name, owner, json.configuration(), json.starts(),
					Sha256.ofBytes(initialTensors), new Version(result.getLong(3), result.getString(4)),
					result.getLong(5), bytes(json.configuration(), chunkElements, stored),
					Instant.ofEpochMilli(result.getLong(10)), Instant.ofEpochMilli(result.getLong(11)), expiry);
			row = new SessionRow(result.getInt(13), result.getLong(1), chunkElements, result.getLong(9),
					result.getLong(14), stored, origin(name, owner, configuration, initialTensors), session);
		}
		catch (RuntimeException ex) {
			throw SessionRefusals.damaged(id, "its row cannot be read", ex);
		}
		if (checked && checksum != row.checksum()) {
			throw SessionRefusals.damaged(id, "its row has another checksum than it was written with", null);
		}
		return row;
	}

	/// Without a tenant and an owner the same as before there were such.
	/// @param initialTensors their digest
	static int origin(OptimizerId id, String owner, String configuration, byte[] initialTensors) {
		CRC32C crc = new CRC32C();
		crc.update(id.qualified().getBytes(StandardCharsets.UTF_8));
		crc.update(0);
		crc.update(configuration.getBytes(StandardCharsets.UTF_8));
		crc.update(0);
		crc.update(initialTensors);
		crc.update(owner.getBytes(StandardCharsets.UTF_8));
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

	/// The vectors that the server keeps.
	List<Vector> vectors() {
		return this.session.configuration().vectors();
	}

	/// How many elements a vector has.
	long size(Vector vector) {
		return this.session.configuration().layout().size(vector);
	}

	/// How many chunks a vector has, stored or not.
	long chunks(Vector vector) {
		return Math.ceilDiv(size(vector), this.chunkElements);
	}

	/// How many chunks all vectors have together, stored or not.
	long allChunks() {
		return vectors().stream().mapToLong(this::chunks).sum();
	}

	/// How many bytes all vectors have together.
	public long allBytes() {
		return bytes(this.session.configuration(), this.chunkElements, allChunks());
	}

	/// About how many bytes a number of chunks has; exactly if these are all chunks.
	private static long bytes(Configuration configuration, int chunkElements, long chunks) {
		long all = configuration.vectors().stream().mapToLong(configuration.layout()::size).sum();
		return Math.min(chunks * chunkElements, all) * configuration.dtype().bytes();
	}

	/// Whether each chunk of each vector has a row.
	boolean isWhole() {
		return this.storedChunks == allChunks();
	}

	/// The same row with chunks of another length.
	/// @param stored how many of them have rows
	SessionRow withChunks(int elements, long stored) {
		return with(elements, this.keyCount, this.changes, stored, this.session.version(),
				this.session.incarnationBegan());
	}

	/// The row after one more write, except for the time of that write, which only the
	/// database knows.
	/// @param version the session's new version
	/// @param incarnationBegan the step at which this incarnation began
	/// @param keyCount the number of the step key written last
	/// @param stored how many chunks have rows
	SessionRow changed(Version version, long incarnationBegan, long keyCount, long stored) {
		return with(this.chunkElements, keyCount, this.changes + 1, stored, version, incarnationBegan);
	}

	private SessionRow with(int elements, long keyCount, long changes, long stored, Version version,
			long incarnationBegan) {
		Session old = this.session;
		return new SessionRow(this.shard, this.key, elements, keyCount, changes, stored, this.origin,
				new Session(old.id(), old.owner(), old.configuration(), old.starts(), old.initialTensors(), version,
						incarnationBegan, bytes(old.configuration(), elements, stored), old.createdAt(),
						old.updatedAt(), old.expiresAt()));
	}

}
