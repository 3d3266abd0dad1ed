package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

import dev.adagrad.session.State;
import dev.adagrad.session.store.Database.Update;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Tensor;

/// Some elements of all tensors of one session, for the length of one transaction, where the database has arrays.
///
/// Of each chunk only the range from the first to the last of these elements goes over the network, and what all tensors
/// have goes in one statement: with whole chunks, tensor by tensor, a step of a hundred elements took 1.2 to 1.4 times
/// as long.
final class StoredRanges {

	/// Beyond these limits whole chunks do as well, in portions.
	private static final int MOST_ROWS = 4096;

	private static final int MOST_BYTES = 1 << 20;

	/// The key comes out of a subquery that the planner must not look into: knowing it,
	/// the planner would read all chunks of the session, wherever it takes them for few.
	static final String READ = """
			SELECT place, octet_length(data), substring(data FROM start + 1 FOR length)
			FROM (
				SELECT CAST(? AS BIGINT) AS session_key, each.*
				FROM unnest(?, ?, ?, ?) WITH ORDINALITY AS each (tensor, chunk, start, length, place)
				OFFSET 0) AS wanted
			JOIN chunks USING (session_key, tensor, chunk)
			""";

	static final String UPDATE = """
			UPDATE chunks SET data = overlay(chunks.data PLACING fresh.data FROM fresh.start + 1)
			FROM (
				SELECT CAST(? AS BIGINT) AS session_key, each.*
				FROM unnest(?, ?, ?, ?) AS each (tensor, chunk, start, data)
				OFFSET 0) AS fresh
			WHERE chunks.session_key = fresh.session_key AND chunks.tensor = fresh.tensor
				AND chunks.chunk = fresh.chunk
			""";

	/// A chunk of initial values comes once for each tensor, not once for each row.
	private static final String INSERT = """
			INSERT INTO chunks (session_key, tensor, chunk, data)
			SELECT ?, tensor, chunk, overlay(
				substring(CASE tensor WHEN 0 THEN ? ELSE ? END FROM 1 FOR length) PLACING data FROM start + 1)
			FROM unnest(?, ?, ?, ?, ?) AS fresh (tensor, chunk, start, data, length)
			""";

	private final Database database;

	private final SessionRow row;

	private final DType dtype;

	private final int[] indices;

	private final int tensors;

	/// Each chunk that is touched, ascending; and where its indices begin among all.
	private final int[] chunks;

	private final int[] begins;

	/// By place; none where there is no row.
	private final Map<Integer, byte[]> found = new HashMap<>();

	private StoredRanges(Database database, SessionRow row, int[] indices, int tensors, int[] chunks, int[] begins) {
		this.database = database;
		this.row = row;
		this.dtype = row.dtype();
		this.indices = indices;
		this.tensors = tensors;
		this.chunks = chunks;
		this.begins = begins;
	}

	/// The elements at indices, unless that is too much to be moved at once.
	/// @param indices distinct and ascending
	static Optional<StoredRanges> of(Database database, SessionRow row, int[] indices) {
		int tensors = row.session().configuration().holdsParameter() ? 2 : 1;
		int most = MOST_ROWS / tensors;
		int[] chunks = new int[Math.min(indices.length, most)];
		int[] begins = new int[chunks.length + 1];
		int count = 0;
		long elements = 0;
		for (int i = 0; i < indices.length; i++) {
			int chunk = indices[i] / row.chunkElements();
			if (count > 0 && chunks[count - 1] == chunk) {
				elements += indices[i] - indices[i - 1];
				continue;
			}
			if (count == most) {
				return Optional.empty();
			}
			chunks[count] = chunk;
			begins[count++] = i;
			elements++;
		}
		if (elements * row.dtype().bytes() * tensors > MOST_BYTES) {
			return Optional.empty();
		}
		begins[count] = indices.length;
		return Optional.of(new StoredRanges(database, row, indices, tensors, Arrays.copyOf(chunks, count),
				Arrays.copyOf(begins, count + 1)));
	}

	State read() throws SQLException {
		int places = places();
		Integer[] starts = new Integer[places];
		Integer[] lengths = new Integer[places];
		Integer[] numbers = new Integer[places];
		Integer[] which = new Integer[places];
		for (int place = 0; place < places; place++) {
			which[place] = tensor(place);
			numbers[place] = chunk(place);
			starts[place] = start(place);
			lengths[place] = bytes(place);
		}
		this.database.willTransfer(Arrays.stream(lengths).mapToLong(Integer::longValue).sum());
		this.database.all(READ, (result) -> {
			int place = result.getInt(1) - 1;
			requireWhole(place, result.getInt(2));
			this.found.put(place, result.getBytes(3));
			return place;
		}, this.row.key(), which, numbers, starts, lengths);
		return new State(elements(StoredTensor.G),
				(this.tensors > 1) ? Optional.of(elements(StoredTensor.PARAMETER)) : Optional.empty());
	}

	private Tensor elements(int which) {
		RawElements elements = RawElements.of(this.dtype, this.indices.length);
		for (int i = 0; i < this.chunks.length; i++) {
			byte[] raw = this.found.get(which * this.chunks.length + i);
			int begin = this.begins[i];
			int end = this.begins[i + 1];
			if (raw == null) {
				elements.fill(initial(which), begin, end - begin);
				continue;
			}
			for (int at = begin; at < end; at++) {
				elements.copy(raw, this.indices[at] - this.indices[begin], at, 1);
			}
		}
		return elements.tensor();
	}

	/// What puts other values in the place of those that were [#read] in this
	/// transaction.
	List<Update> replacing(State state) {
		Rows updates = new Rows();
		Rows inserts = new Rows();
		for (int place = 0; place < places(); place++) {
			Tensor values = (tensor(place) == StoredTensor.G) ? state.G() : state.parameter().orElseThrow();
			byte[] raw = this.found.get(place);
			Rows rows = (raw != null) ? updates : inserts;
			if (raw == null) {
				raw = RawElements.constant(this.dtype, initial(tensor(place)), bytes(place) / this.dtype.bytes());
			}
			int begin = this.begins[place % this.chunks.length];
			int end = this.begins[place % this.chunks.length + 1];
			for (int at = begin; at < end; at++) {
				RawElements.write(values, at, raw, this.indices[at] - this.indices[begin], 1);
			}
			rows.add(place, raw);
		}
		List<Update> all = new ArrayList<>();
		if (!updates.places.isEmpty()) {
			all.add(Update.of(updates.places.size(), UPDATE, this.row.key(), updates.of(this::tensor),
					updates.of(this::chunk), updates.of(this::start), updates.raws()));
		}
		if (!inserts.places.isEmpty()) {
			// they are written whole, if not sent
			this.database.willTransfer(inserts.places.stream().mapToLong(this::length).sum() * this.dtype.bytes());
			all.add(Update.of(inserts.places.size(), INSERT, this.row.key(), blank(inserts, StoredTensor.G),
					blank(inserts, StoredTensor.PARAMETER), inserts.of(this::tensor), inserts.of(this::chunk),
					inserts.of(this::start), inserts.raws(),
					inserts.of((place) -> length(place) * this.dtype.bytes())));
		}
		return all;
	}

	/// As long as the longest chunk of a tensor among the rows.
	private byte[] blank(Rows rows, int which) {
		int longest = rows.places.stream()
			.filter((place) -> tensor(place) == which)
			.mapToInt(this::length)
			.max()
			.orElse(0);
		return (longest > 0) ? RawElements.constant(this.dtype, initial(which), longest) : new byte[0];
	}

	private double initial(int which) {
		Optional<Double> constant = (which == StoredTensor.G) ? this.row.session().initialAccumulatorValue()
				: this.row.session().initialParameterValue();
		return constant.orElseThrow(() -> new IllegalStateException("the store is damaged: a chunk of tensor " + which
				+ " of session " + this.row.session().id() + " is missing"));
	}

	private void requireWhole(int place, int bytes) {
		int expected = length(place) * this.dtype.bytes();
		if (bytes != expected) {
			throw new IllegalStateException(
					"the store is damaged: chunk " + chunk(place) + " of tensor " + tensor(place) + " of session "
							+ this.row.session().id() + " has " + bytes + " bytes, not " + expected);
		}
	}

	/// Every chunk of every tensor that is touched has a place: by tensor, and within it
	/// by chunk.
	private int places() {
		return this.tensors * this.chunks.length;
	}

	private int tensor(int place) {
		return place / this.chunks.length;
	}

	private int chunk(int place) {
		return this.chunks[place % this.chunks.length];
	}

	/// The elements of the whole chunk.
	private int length(int place) {
		int before = chunk(place) * this.row.chunkElements();
		return Math.min(this.row.chunkElements(), this.row.size() - before);
	}

	/// How many bytes of the chunk come before the range.
	private int start(int place) {
		int first = this.indices[this.begins[place % this.chunks.length]];
		return first % this.row.chunkElements() * this.dtype.bytes();
	}

	/// The bytes of the range.
	private int bytes(int place) {
		int first = this.indices[this.begins[place % this.chunks.length]];
		int last = this.indices[this.begins[place % this.chunks.length + 1] - 1];
		return (last - first + 1) * this.dtype.bytes();
	}

	/// Rows to be.
	private static final class Rows {

		private final List<Integer> places = new ArrayList<>();

		private final List<byte[]> raws = new ArrayList<>();

		private void add(int place, byte[] raw) {
			this.places.add(place);
			this.raws.add(raw);
		}

		private Integer[] of(IntUnaryOperator column) {
			return this.places.stream().map(column::applyAsInt).toArray(Integer[]::new);
		}

		private byte[][] raws() {
			return this.raws.toArray(byte[][]::new);
		}

	}

}
