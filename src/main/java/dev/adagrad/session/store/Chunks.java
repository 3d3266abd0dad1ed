package dev.adagrad.session.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Database.Update;

/// The rows of one session in the table `chunks`, for the length of one transaction.
///
/// Each row has a checksum, which only this class writes and checks. It is the CRC32C of the session's id (with its tenant), the number
/// of the vector and that of the chunk (8 bytes each, big-endian), and then the data. So no other value and no other
/// row is taken for what was written. Rows from before there were checksums have none.
public final class Chunks {

	/// About how many bytes a statement writes or reads.
	static final int PORTION_BYTES = 2 << 20;

	private static final String RANGE = """
			SELECT tensor, chunk, checksum, data FROM chunks
			WHERE shard = ? AND session_key = ? AND tensor = ? AND chunk >= ? AND chunk < ?
			ORDER BY chunk
			""";

	private static final String NEXT = """
			SELECT chunk FROM chunks
			WHERE shard = ? AND session_key = ? AND tensor = ? AND chunk >= ? AND chunk < ?
			ORDER BY chunk LIMIT ?
			""";

	private static final String REMOVE = """
			DELETE FROM chunks WHERE shard = ? AND session_key = ? AND tensor = ? AND chunk = ?
			""";

	private static final String REMOVE_ALL = "DELETE FROM chunks WHERE shard = ? AND session_key = ?";

	private static final String SOME = """
			SELECT tensor, chunk, checksum, data FROM chunks
			WHERE shard = ? AND session_key = ? AND tensor = ? AND chunk IN (SELECT value FROM json_each(?))
			""";

	/// For databases with arrays. Behind OFFSET the planner looks up each row by its
	/// whole key. Without OFFSET it would read all chunks of the session if it expects
	/// few.
	public static final String SOME_OF_ALL = """
			SELECT stored.* FROM unnest(?, ?) AS wanted (tensor, chunk), LATERAL (
				SELECT tensor, chunk, checksum, data FROM chunks
				WHERE shard = ? AND session_key = ? AND tensor = wanted.tensor AND chunk = wanted.chunk
				OFFSET 0) AS stored
			""";

	private static final String REPLACING = """
			ON CONFLICT (%s) DO UPDATE SET checksum = excluded.checksum, data = excluded.data
			""";

	private static final String PUT = putting(Dialect.SQLITE, 1);

	/// Puts many rows at once, for databases with arrays. A statement for each row costs
	/// PostgreSQL more than the row itself.
	public static final String PUT_MANY = """
			INSERT INTO chunks (shard, session_key, tensor, chunk, checksum, data)
			SELECT CAST(? AS INTEGER), CAST(? AS BIGINT), each.*
			FROM unnest(?, ?, ?, ?) AS each (tensor, chunk, checksum, data)
			""" + REPLACING.formatted(Dialect.POSTGRESQL.chunkKey);

	private final Database database;

	private final Dialect dialect;

	private final SessionRow row;

	private final byte[] id;

	Chunks(Database database, Dialect dialect, SessionRow row) {
		this.database = database;
		this.dialect = dialect;
		this.row = row;
		this.id = row.session().id().qualified().getBytes(StandardCharsets.US_ASCII);
	}

	/// Puts a few rows at once.
	static String putting(Dialect dialect, int rows) {
		return "INSERT INTO chunks (shard, session_key, tensor, chunk, checksum, data) VALUES "
				+ String.join(", ", Collections.nCopies(rows, "(?, ?, ?, ?, ?, ?)")) + " "
				+ REPLACING.formatted(dialect.chunkKey);
	}

	/// The chunks of the same session after its row has changed.
	Chunks of(SessionRow other) {
		return new Chunks(this.database, this.dialect, other);
	}

	/// The stored chunks of a vector from `first` to `end − 1`, ascending.
	List<Chunk> range(Vector vector, long first, long end) throws SQLException {
		willTransfer(end - first);
		return this.database.all(RANGE, this::read, this.row.shard(), this.row.key(), vector.number(), first, end);
	}

	/// The stored chunks at some places.
	List<Chunk> at(List<Place> places) throws SQLException {
		willTransfer(places.size());
		if (this.dialect.isRemote()) {
			return this.database.all(SOME_OF_ALL, this::read, vectors(places), chunks(places), this.row.shard(),
					this.row.key());
		}
		List<Chunk> found = new ArrayList<>(places.size());
		for (Vector vector : this.row.vectors()) {
			String chunks = places.stream()
				.filter((place) -> place.vector() == vector)
				.map((place) -> Long.toString(place.chunk()))
				.collect(Collectors.joining(",", "[", "]"));
			found
				.addAll(this.database.all(SOME, this::read, this.row.shard(), this.row.key(), vector.number(), chunks));
		}
		return found;
	}

	/// The numbers of the stored chunks of a vector from `first` to `end − 1`, ascending.
	/// @param most the most numbers
	List<Long> stored(Vector vector, long first, long end, int most) throws SQLException {
		return this.database.all(NEXT, (result) -> result.getLong(1), this.row.shard(), this.row.key(), vector.number(),
				first, end, most);
	}

	void remove(Place place) throws SQLException {
		this.database.update(REMOVE, this.row.shard(), this.row.key(), place.vector().number(), place.chunk());
	}

	void removeAll() throws SQLException {
		this.database.update(REMOVE_ALL, this.row.shard(), this.row.key());
	}

	/// Begins to write.
	/// @param first what to write before the chunks, in the same round trip as the first
	/// of them
	Writer writer(List<Update> first) throws SQLException {
		return new Writer(first);
	}

	private void willTransfer(long chunks) {
		this.database.willTransfer(chunks * this.row.chunkElements() * this.row.dtype().bytes());
	}

	private Chunk read(ResultSet result) throws SQLException {
		Chunk chunk = new Chunk(new Place(Vector.of(result.getInt(1)), result.getLong(2)), result.getBytes(4));
		int checksum = result.getInt(3);
		boolean checked = !result.wasNull();
		int bytes = length(chunk.place()) * this.row.dtype().bytes();
		if (chunk.raw() == null || chunk.raw().length != bytes) {
			throw damaged(chunk.place(), "has not the length that it must have");
		}
		if (checked && checksum != checksum(chunk)) {
			throw damaged(chunk.place(), "has another checksum than it was written with");
		}
		return chunk;
	}

	private int checksum(Chunk chunk) {
		CRC32C crc = new CRC32C();
		crc.update(this.id);
		crc.update(ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(chunk.place().vector().number())
			.putLong(chunk.place().chunk())
			.flip());
		crc.update(chunk.raw());
		return (int) crc.getValue();
	}

	/// The refusal for a chunk that is not as it must be.
	Refusal damaged(Place place, String how) {
		return SessionRefusals.damaged(this.row.session().id().value(),
				"chunk " + place.chunk() + " of " + place.vector() + " " + how, null);
	}

	/// How many elements a chunk has.
	int length(Place place) {
		return (int) Math.min(this.row.chunkElements(),
				this.row.size(place.vector()) - place.chunk() * this.row.chunkElements());
	}

	private static Integer[] vectors(List<Place> places) {
		return places.stream().map((place) -> place.vector().number()).toArray(Integer[]::new);
	}

	private static Long[] chunks(List<Place> places) {
		return places.stream().map(Place::chunk).toArray(Long[]::new);
	}

	/// Where a chunk belongs.
	///
	/// @param vector the vector; its number is in the column `tensor`
	/// @param chunk the chunk's number; its elements begin at `chunk · chunkElements`
	record Place(Vector vector, long chunk) {

	}

	/// A chunk that is stored, or will be.
	///
	/// @param raw its elements, little-endian: the array itself
	@SuppressWarnings("ArrayRecordComponent")
	record Chunk(Place place, byte[] raw) {

	}

	/// Writes chunks, whether they exist or not. It writes them one by one, or a portion
	/// at a time if each statement goes over a network.
	final class Writer {

		private final List<Update> together = new ArrayList<>();

		private final List<Chunk> chunks = new ArrayList<>();

		private long bytes;

		private Writer(List<Update> first) throws SQLException {
			this.together.addAll(first);
			if (!Chunks.this.dialect.isRemote()) {
				flush();
			}
		}

		/// Memory for a chunk. It may hold old data.
		byte[] raw(Place place) {
			int bytes = length(place) * Chunks.this.row.dtype().bytes();
			return Chunks.this.dialect.isRemote() ? new byte[bytes] : Chunks.this.database.scratch(bytes);
		}

		void put(Chunk chunk) throws SQLException {
			if (!Chunks.this.dialect.isRemote()) {
				Chunks.this.database.update(PUT, values(chunk));
				return;
			}
			this.chunks.add(chunk);
			this.bytes += chunk.raw().length;
			if (this.bytes >= PORTION_BYTES) {
				flush();
			}
		}

		/// Writes what is not written yet.
		void flush() throws SQLException {
			if (!this.chunks.isEmpty()) {
				Chunks.this.database.willTransfer(this.bytes);
				this.together
					.add((this.chunks.size() <= Chunks.this.database.rowsAsValues()) ? asValues() : asArrays());
			}
			if (!this.together.isEmpty()) {
				Chunks.this.database.updateTogether(this.together);
			}
			this.together.clear();
			this.chunks.clear();
			this.bytes = 0;
		}

		private Update asValues() {
			return Update.of(this.chunks.size(), putting(Chunks.this.dialect, this.chunks.size()),
					this.chunks.stream().flatMap((chunk) -> Arrays.stream(values(chunk))).toArray());
		}

		private Object[] values(Chunk chunk) {
			return new Object[] { Chunks.this.row.shard(), Chunks.this.row.key(), chunk.place().vector().number(),
					chunk.place().chunk(), checksum(chunk), chunk.raw() };
		}

		private Update asArrays() {
			List<Place> places = this.chunks.stream().map(Chunk::place).toList();
			return Update.of(this.chunks.size(), PUT_MANY, Chunks.this.row.shard(), Chunks.this.row.key(),
					vectors(places), chunks(places),
					this.chunks.stream().map(Chunks.this::checksum).toArray(Integer[]::new),
					this.chunks.stream().map(Chunk::raw).toArray(byte[][]::new));
		}

	}

}
