package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// One tensor of one session in the table `chunks`, for the length of one transaction.
///
/// Chunk i holds the elements `i · chunkElements` to `min(size, (i + 1) · chunkElements) − 1`, raw and little-endian; a
/// chunk that has no row holds the session's initial value throughout. No more than a portion of chunks is in memory at
/// a time, beside what is asked for.
final class StoredTensor {

	static final int G = 0;

	static final int PARAMETER = 1;

	private static final int PORTION_BYTES = 1 << 20;

	private static final int ROWS_PER_BATCH = 256;

	/// What a sparse step keeps in memory between reading and writing; beyond it the
	/// chunks are read again.
	private static final int KEPT_BYTES = 4 << 20;

	private static final String RANGE = """
			SELECT chunk, data FROM chunks
			WHERE session_key = ? AND tensor = ? AND chunk >= ? AND chunk < ?
			ORDER BY chunk
			""";

	private static final String ONE = """
			SELECT data FROM chunks WHERE session_key = ? AND tensor = ? AND chunk = ?
			""";

	private static final String THERE = """
			SELECT chunk FROM chunks WHERE session_key = ? AND tensor = ? ORDER BY chunk DESC
			""";

	private static final String REMOVE = """
			DELETE FROM chunks WHERE session_key = ? AND tensor = ? AND chunk = ?
			""";

	private static final String UPDATE = """
			UPDATE chunks SET data = ?
			WHERE session_key = ? AND tensor = ? AND chunk = ?
			""";

	/// As the above for many chunks at once, where there are arrays: a statement for each
	/// costs PostgreSQL more than the row itself. The keys come out of a subquery as in
	/// [StoredRanges].
	static final String UPDATE_MANY = """
			UPDATE chunks AS old SET data = fresh.data
			FROM (
				SELECT CAST(? AS BIGINT) AS session_key, CAST(? AS SMALLINT) AS tensor, each.*
				FROM unnest(?, ?) AS each (chunk, data)
				OFFSET 0) AS fresh
			WHERE old.session_key = fresh.session_key AND old.tensor = fresh.tensor AND old.chunk = fresh.chunk
			""";

	private static final String INSERT = """
			INSERT INTO chunks (data, session_key, tensor, chunk)
			VALUES (?, ?, ?, ?)
			""";

	private final Database database;

	private final Dialect dialect;

	private final SessionRow row;

	private final int which;

	private final Optional<Double> constant;

	private final DType dtype;

	private final int chunkElements;

	private final Map<Integer, byte[]> kept = new HashMap<>();

	StoredTensor(Database database, Dialect dialect, SessionRow row, int which) {
		this.database = database;
		this.dialect = dialect;
		this.row = row;
		this.which = which;
		this.constant = switch (which) {
			case G -> row.session().initialAccumulatorValue();
			case PARAMETER -> row.session().initialParameterValue();
			default -> throw new IllegalArgumentException("no tensor: " + which);
		};
		this.dtype = row.dtype();
		this.chunkElements = row.chunkElements();
	}

	/// All elements, read portion by portion, each when it is asked for.
	Blocks<Tensor> blocks() {
		return new Blocks<>() {
			@Override
			public int size() {
				return StoredTensor.this.row.size();
			}

			@Override
			public Iterator<Tensor> iterator() {
				return new Portions();
			}
		};
	}

	/// All elements in one piece.
	Tensor all() throws SQLException {
		RawElements elements = RawElements.of(this.dtype, this.row.size());
		for (int chunk = 0; chunk < chunks(); chunk += portion()) {
			read(chunk, Math.min(chunks(), chunk + portion()), elements, 0);
		}
		return elements.tensor();
	}

	/// The elements at indices that are distinct and ascending.
	Tensor elements(int[] indices) throws SQLException {
		RawElements elements = RawElements.of(this.dtype, indices.length);
		int[] touched = touched(indices);
		boolean keep = (long) touched.length * this.chunkElements * this.dtype.bytes() <= KEPT_BYTES;
		int at = 0;
		for (int[] portion : portions(touched)) {
			Map<Integer, byte[]> chunks = chunks(portion);
			if (keep) {
				this.kept.putAll(chunks);
			}
			long end = end(portion);
			for (; at < indices.length && indices[at] < end; at++) {
				byte[] raw = chunks.get(indices[at] / this.chunkElements);
				if (raw == null) {
					elements.fill(initial(), at, 1);
				}
				else {
					elements.copy(raw, indices[at] % this.chunkElements, at, 1);
				}
			}
		}
		return elements.tensor();
	}

	/// Replaces the elements at indices that are distinct and ascending, and were read
	/// by [#elements] in this transaction.
	void replace(int[] indices, Tensor values) throws SQLException {
		int at = 0;
		for (int[] portion : portions(touched(indices))) {
			Map<Integer, byte[]> found = this.kept.isEmpty() ? chunks(portion) : this.kept;
			Map<Integer, byte[]> raws = new HashMap<>();
			List<@Nullable Object[]> updates = new ArrayList<>();
			List<@Nullable Object[]> inserts = new ArrayList<>();
			for (int chunk : portion) {
				byte[] raw = found.get(chunk);
				List<@Nullable Object[]> rows = (raw != null) ? updates : inserts;
				if (raw == null) {
					raw = RawElements.constant(this.dtype, initial(), length(chunk));
				}
				raws.put(chunk, raw);
				rows.add(row(raw, chunk));
			}
			long end = end(portion);
			for (; at < indices.length && indices[at] < end; at++) {
				byte[] raw = Objects.requireNonNull(raws.get(indices[at] / this.chunkElements));
				RawElements.write(values, at, raw, indices[at] % this.chunkElements, 1);
			}
			updateThere(updates);
			insert(inserts);
		}
	}

	/// Replaces all elements.
	void replaceAll(Blocks<Tensor> blocks) throws SQLException {
		writeAll(blocks, true);
	}

	/// Writes all elements of a tensor that has no chunks yet.
	void insertAll(Blocks<Tensor> blocks) throws SQLException {
		writeAll(blocks, false);
	}

	/// Splits the rows that are there into shorter ones, from the last to the first, so
	/// that no number is needed before it is free.
	/// @param elements per chunk from now on; the present number is a multiple of it,
	/// unless there is only one chunk
	void split(int elements) throws SQLException {
		for (int chunk : this.database.all(THERE, (result) -> result.getInt(1), this.row.key(), this.which)) {
			byte[] raw = whole(this.database.one(ONE, (result) -> result.getBytes(1), this.row.key(), this.which, chunk)
				.orElseThrow(LostRaceException::new), chunk);
			this.database.willTransfer(raw.length);
			this.database.update(REMOVE, this.row.key(), this.which, chunk);
			int first = (int) ((long) chunk * this.chunkElements / elements);
			int bytes = elements * this.dtype.bytes();
			List<@Nullable Object[]> rows = new ArrayList<>();
			for (int from = 0; from < raw.length; from += bytes) {
				rows.add(row(Arrays.copyOfRange(raw, from, Math.min(raw.length, from + bytes)), first + from / bytes));
				if (rows.size() == ROWS_PER_BATCH) {
					insert(rows);
					rows.clear();
				}
			}
			insert(rows);
		}
	}

	private void writeAll(Blocks<Tensor> blocks, boolean mayBeThere) throws SQLException {
		if (blocks.size() != this.row.size()) {
			throw new IllegalStateException(
					blocks.size() + " elements for a session of " + this.row.size() + " elements");
		}
		this.database.willTransfer((long) this.row.size() * this.dtype.bytes());
		int portion = this.dialect.isRemote() ? Math.min(portion(), ROWS_PER_BATCH) : 1;
		List<@Nullable Object[]> rows = new ArrayList<>();
		int chunk = 0;
		int filled = 0;
		byte[] raw = raw(0, portion);
		for (Tensor block : blocks) {
			if (block.dtype() != this.dtype) {
				throw new IllegalStateException(block.dtype() + " for a session of " + this.dtype);
			}
			for (int from = 0; from < block.size();) {
				if (chunk == chunks()) {
					throw new IllegalStateException("more elements than the blocks' size of " + blocks.size());
				}
				int count = Math.min(block.size() - from, length(chunk) - filled);
				RawElements.write(block, from, raw, filled, count);
				from += count;
				filled += count;
				if (filled == length(chunk)) {
					rows.add(row(raw, chunk));
					chunk++;
					filled = 0;
					if (rows.size() == portion || chunk == chunks()) {
						write(rows, mayBeThere);
						rows.clear();
					}
					if (chunk < chunks()) {
						raw = raw(chunk, portion);
					}
				}
			}
		}
		if (chunk < chunks()) {
			throw new IllegalStateException("fewer elements than the blocks' size of " + blocks.size());
		}
	}

	/// For the elements of a chunk. Where each is written before the next is filled, all
	/// of them use the same memory.
	private byte[] raw(int chunk, int portion) {
		int bytes = length(chunk) * this.dtype.bytes();
		return (portion == 1) ? this.database.scratch(bytes) : new byte[bytes];
	}

	private void write(List<@Nullable Object[]> rows, boolean mayBeThere) throws SQLException {
		if (mayBeThere) {
			update(rows, true);
		}
		else {
			insert(rows);
		}
	}

	private void update(List<@Nullable Object[]> rows, boolean mayBeMissing) throws SQLException {
		if (rows.isEmpty()) {
			return;
		}
		int[] hits = this.database.updateAll(UPDATE, rows);
		List<@Nullable Object[]> missing = new ArrayList<>();
		for (int i = 0; i < hits.length; i++) {
			if (hits[i] == 0) {
				missing.add(rows.get(i));
			}
		}
		if (!missing.isEmpty() && !mayBeMissing) {
			throw new LostRaceException();
		}
		insert(missing);
	}

	/// Replaces rows that were read in this transaction.
	private void updateThere(List<@Nullable Object[]> rows) throws SQLException {
		if (!this.dialect.isRemote()) {
			update(rows, false);
		}
		else if (!rows.isEmpty()) {
			Integer[] numbers = rows.stream()
				.map((row) -> (Integer) Objects.requireNonNull(row[3]))
				.toArray(Integer[]::new);
			byte[][] raws = rows.stream().map((row) -> (byte[]) Objects.requireNonNull(row[0])).toArray(byte[][]::new);
			if (this.database.update(UPDATE_MANY, this.row.key(), this.which, numbers, raws) != rows.size()) {
				throw new LostRaceException();
			}
		}
	}

	private void insert(List<@Nullable Object[]> rows) throws SQLException {
		if (!rows.isEmpty()) {
			this.database.updateAll(INSERT, rows);
		}
	}

	private @Nullable Object[] row(byte[] raw, int chunk) {
		return new @Nullable Object[] { raw, this.row.key(), this.which, chunk };
	}

	/// Reads chunks `first` to `end − 1` into elements that begin with element `origin`.
	private void read(int first, int end, RawElements into, int origin) throws SQLException {
		this.database.willTransfer((long) (end - first) * this.chunkElements * this.dtype.bytes());
		Map<Integer, byte[]> found = new HashMap<>();
		this.database.all(RANGE, (result) -> found.put(result.getInt(1), result.getBytes(2)), this.row.key(),
				this.which, first, end);
		for (int chunk = first; chunk < end; chunk++) {
			byte[] raw = found.get(chunk);
			int to = chunk * this.chunkElements - origin;
			if (raw == null) {
				into.fill(initial(), to, length(chunk));
			}
			else {
				into.copy(whole(raw, chunk), 0, to, length(chunk));
			}
		}
	}

	private Map<Integer, byte[]> chunks(int[] numbers) throws SQLException {
		this.database.willTransfer((long) numbers.length * this.chunkElements * this.dtype.bytes());
		Map<Integer, byte[]> found = new HashMap<>();
		this.database.all("""
				SELECT chunk, data FROM chunks
				WHERE session_key = ? AND tensor = ? AND chunk %s
				""".formatted(this.dialect.among()),
				(result) -> found.put(result.getInt(1), whole(result.getBytes(2), result.getInt(1))), this.row.key(),
				this.which, this.dialect.list(numbers));
		return found;
	}

	private byte[] whole(byte[] raw, int chunk) {
		if (raw.length != length(chunk) * this.dtype.bytes()) {
			throw new IllegalStateException("the store is damaged: chunk " + chunk + " of tensor " + this.which
					+ " of session " + this.row.session().id() + " has " + raw.length + " bytes, not "
					+ length(chunk) * this.dtype.bytes());
		}
		return raw;
	}

	private double initial() {
		return this.constant.orElseThrow(() -> new IllegalStateException("the store is damaged: a chunk of tensor "
				+ this.which + " of session " + this.row.session().id() + " is missing"));
	}

	private int chunks() {
		return Math.ceilDiv(this.row.size(), this.chunkElements);
	}

	private int length(int chunk) {
		return Math.min(this.chunkElements, this.row.size() - chunk * this.chunkElements);
	}

	/// How many chunks go through memory at a time.
	private int portion() {
		return Math.max(1, PORTION_BYTES / (this.chunkElements * this.dtype.bytes()));
	}

	private int[] touched(int[] indices) {
		int[] chunks = new int[indices.length];
		int count = 0;
		for (int index : indices) {
			int chunk = index / this.chunkElements;
			if (count == 0 || chunks[count - 1] != chunk) {
				chunks[count++] = chunk;
			}
		}
		return Arrays.copyOf(chunks, count);
	}

	private List<int[]> portions(int[] touched) {
		List<int[]> portions = new ArrayList<>();
		for (int from = 0; from < touched.length; from += portion()) {
			portions.add(Arrays.copyOfRange(touched, from, Math.min(touched.length, from + portion())));
		}
		return portions;
	}

	/// The index beyond the last chunk of a portion.
	private long end(int[] portion) {
		return (portion[portion.length - 1] + 1L) * this.chunkElements;
	}

	private final class Portions implements Iterator<Tensor> {

		private int next;

		@Override
		public boolean hasNext() {
			return this.next < chunks();
		}

		@Override
		public Tensor next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			int first = this.next;
			int end = Math.min(chunks(), first + portion());
			int from = first * StoredTensor.this.chunkElements;
			int to = (int) Math.min(StoredTensor.this.row.size(), (long) end * StoredTensor.this.chunkElements);
			RawElements elements = RawElements.of(StoredTensor.this.dtype, to - from);
			try {
				read(first, end, elements, from);
			}
			catch (SQLException ex) {
				throw new UncheckedSqlException(ex);
			}
			this.next = end;
			return elements.tensor();
		}

	}

}
