package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Chunk;
import dev.adagrad.session.store.Chunks.Place;
import dev.adagrad.session.store.Chunks.Writer;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.RawElements;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;

/// The vectors of one session as rows of the table `chunks`, for the length of one transaction.
///
/// Chunk i of a vector holds the elements `i · chunkElements` to `min(size, (i + 1) · chunkElements) − 1`, raw and
/// little-endian. A chunk without a row holds the initial values of its elements. The session's row says how many rows
/// there must be. Besides what was asked for, at most a portion of chunks is in memory at a time.
final class StoredTensors implements StoredState {

	/// The most bytes that a sparse step keeps in memory between reading and writing. If
	/// it needs more, it reads the chunks again.
	private static final int KEPT_BYTES = 4 << 20;

	private final SessionRow row;

	private final Chunks chunks;

	private final InitialValues initial;

	/// The chunks of the elements read last, unless they are too many.
	private Optional<Map<Place, byte[]>> kept = Optional.empty();

	/// How many chunks of the elements read last are not stored.
	private int absent;

	StoredTensors(Database database, Dialect dialect, SessionRow row) {
		this(row, new Chunks(database, dialect, row));
	}

	private StoredTensors(SessionRow row, Chunks chunks) {
		this.row = row;
		this.chunks = chunks;
		this.initial = new InitialValues(row.session());
	}

	/// The session's row.
	SessionRow row() {
		return this.row;
	}

	@Override
	public Blocks<Tensor> whole(Vector vector, int tensor) {
		Layout layout = this.row.session().configuration().layout();
		long from = layout.from(vector, tensor);
		long size = layout.size(vector, tensor);
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return Shape.vector(Math.toIntExact(size));
			}

			@Override
			public Iterator<Tensor> iterator() {
				return new Iterator<>() {
					private long next = from;

					@Override
					public boolean hasNext() {
						return this.next < from + size;
					}

					@Override
					public Tensor next() {
						Tensor portion = portion(vector, this.next, from + size);
						this.next += portion.size();
						return portion;
					}
				};
			}
		};
	}

	/// The elements from address `from` on, as many as go through memory at a time, but
	/// none beyond `end − 1`.
	private Tensor portion(Vector vector, long from, long end) {
		long first = from / this.row.chunkElements();
		long behind = first + portion();
		long to = Math.min(end, behind * this.row.chunkElements());
		RawElements elements = RawElements.of(this.row.dtype(), (int) (to - from));
		try {
			read(vector, first, Math.min(behind, (to - 1) / this.row.chunkElements() + 1), elements, from, to);
		}
		catch (SQLException ex) {
			throw new UncheckedSqlException(ex);
		}
		return elements.tensor();
	}

	@Override
	public State elements(Selection selection) {
		try {
			return load(selection);
		}
		catch (SQLException ex) {
			throw new UncheckedSqlException(ex);
		}
	}

	@Override
	public Ranges kept(Vector vector, long from, long to, int most) {
		int length = this.row.chunkElements();
		Ranges.Builder ranges = Ranges.builder(most);
		try {
			for (long chunk : this.chunks.stored(vector, from / length, (to - 1) / length + 1, most)) {
				long begin = Math.max(from, chunk * length);
				ranges.add(begin, (int) (Math.min(to, (chunk + 1) * length) - begin));
			}
		}
		catch (SQLException ex) {
			throw new UncheckedSqlException(ex);
		}
		return ranges.build();
	}

	/// The selected elements, in one piece.
	State load(Selection selection) throws SQLException {
		Map<Vector, Tensor> vectors = switch (selection) {
			case Selection.All all -> all();
			case Selection.Some some -> some(some);
		};
		return new State(Objects.requireNonNull(vectors.get(Vector.G)),
				Optional.ofNullable(vectors.get(Vector.PARAMETER)));
	}

	private Map<Vector, Tensor> all() throws SQLException {
		Map<Vector, Tensor> vectors = new EnumMap<>(Vector.class);
		long stored = 0;
		for (Vector vector : this.row.vectors()) {
			RawElements elements = RawElements.of(this.row.dtype(), Math.toIntExact(this.row.size(vector)));
			long chunks = this.row.chunks(vector);
			for (long chunk = 0; chunk < chunks; chunk += portion()) {
				stored += read(vector, chunk, Math.min(chunks, chunk + portion()), elements, 0, this.row.size(vector));
			}
			vectors.put(vector, elements.tensor());
		}
		if (stored != this.row.storedChunks()) {
			throw SessionRefusals.damaged(this.row.session().id().value(),
					"it has " + stored + " chunks, not " + this.row.storedChunks(), null);
		}
		return vectors;
	}

	/// Reads the elements from address `from` to `to − 1` that are in chunks `first` to
	/// `end − 1`. `into` begins at address `from`.
	/// @return how many of the chunks are stored
	private int read(Vector vector, long first, long end, RawElements into, long from, long to) throws SQLException {
		long next = Math.max(from, first * this.row.chunkElements());
		List<Chunk> stored = this.chunks.range(vector, first, end);
		for (Chunk chunk : stored) {
			long origin = chunk.place().chunk() * this.row.chunkElements();
			long begin = Math.max(from, origin);
			long behind = Math.min(to, origin + this.chunks.length(chunk.place()));
			fill(vector, next, begin, into, from);
			into.copy(chunk.raw(), (int) (begin - origin), (int) (begin - from), (int) (behind - begin));
			next = behind;
		}
		fill(vector, next, Math.min(to, end * this.row.chunkElements()), into, from);
		return stored.size();
	}

	/// Fills in the elements from address `first` to `end − 1`, which are not stored.
	/// @param origin the address of the first element of `into`
	private void fill(Vector vector, long first, long end, RawElements into, long origin) {
		if (first < end) {
			requireAbsence(new Place(vector, first / this.row.chunkElements()), first, end);
			this.initial.fill(vector, first, (int) (end - first), into, (int) (first - origin));
		}
	}

	/// Elements may be missing only if rules give their initial values, and the row says
	/// that not all chunks are stored.
	/// @param place the first missing chunk
	private void requireAbsence(Place place, long first, long end) {
		if (this.row.isWhole() || !this.initial.areRuled(place.vector(), first, end)) {
			throw this.chunks.damaged(place, "is missing");
		}
	}

	private Map<Vector, Tensor> some(Selection.Some selection) throws SQLException {
		this.kept = Optional.of(new HashMap<>());
		this.absent = 0;
		long touched = 0;
		Map<Vector, RawElements> vectors = new EnumMap<>(Vector.class);
		for (Vector vector : this.row.vectors()) {
			vectors.put(vector, RawElements.of(this.row.dtype(), selection.of(vector).size()));
		}
		Pieces pieces = new Pieces(this.row, selection);
		for (TouchedChunks all = new TouchedChunks(this.row, selection, portion()); all.hasNext();) {
			List<Place> portion = all.next();
			Map<Place, byte[]> found = find(portion);
			this.absent += portion.size() - found.size();
			touched += portion.size();
			if (touched * chunkBytes() > KEPT_BYTES) {
				this.kept = Optional.empty();
			}
			this.kept.ifPresent((chunks) -> chunks.putAll(found));
			for (Place place : portion) {
				RawElements into = Objects.requireNonNull(vectors.get(place.vector()));
				byte[] raw = found.get(place);
				if (raw == null) {
					// check the whole chunk, since it may be written soon
					long first = place.chunk() * this.row.chunkElements();
					requireAbsence(place, first, first + this.chunks.length(place));
				}
				for (pieces.enter(place); pieces.next();) {
					if (raw != null) {
						into.copy(raw, pieces.offset(), pieces.at(), pieces.count());
					}
					else {
						this.initial.fill(place.vector(), pieces.address(), pieces.count(), into, pieces.at());
					}
				}
			}
		}
		Map<Vector, Tensor> tensors = new EnumMap<>(Vector.class);
		vectors.forEach((vector, elements) -> tensors.put(vector, elements.tensor()));
		return tensors;
	}

	private Map<Place, byte[]> find(List<Place> portion) throws SQLException {
		Map<Place, byte[]> found = HashMap.newHashMap(portion.size());
		for (Chunk chunk : this.chunks.at(portion)) {
			found.put(chunk.place(), chunk.raw());
		}
		return found;
	}

	/// How many chunks are stored after a selection is replaced. It must have been read
	/// in this transaction, unless it is everything.
	long storedWith(Selection selection) {
		return switch (selection) {
			case Selection.All all -> this.row.allChunks();
			case Selection.Some some -> this.row.storedChunks() + this.absent;
		};
	}

	/// Replaces the selected elements. They must have been read in this transaction,
	/// unless they are all.
	/// @param first what to write before them, in the same round trip
	void replace(Selection selection, State state, List<Database.Update> first) throws SQLException {
		switch (selection) {
			case Selection.All all -> {
				Filling filling = new Filling(this.row, this.chunks, this.initial, first);
				for (Vector vector : this.row.vectors()) {
					filling.put(vector, state.of(vector));
				}
				filling.end();
			}
			case Selection.Some some -> replaceSome(some, state, first);
		}
	}

	/// Writes the tensors whose values are given element by element, for a session that
	/// has no chunks yet, or for all tensors.
	/// @param values of each tensor in a vector
	void put(Function<Vector, Optional<List<Initial>>> values) throws SQLException {
		Filling filling = new Filling(this.row, this.chunks, this.initial, List.of());
		for (Vector vector : this.row.vectors()) {
			filling.put(vector, values.apply(vector).orElseThrow());
		}
		filling.end();
	}

	/// How many chunks [#put] writes for a new session.
	static long givenChunks(NewSession session, int chunkElements) {
		Layout layout = session.configuration().layout();
		long count = 0;
		for (Vector vector : session.configuration().vectors()) {
			List<Initial> each = session.of(vector).orElseThrow();
			long last = -1;
			for (int tensor : layout.byAddress()) {
				if (each.get(tensor) instanceof Initial.Given) {
					long from = layout.from(vector, tensor);
					long end = (from + layout.size(vector, tensor) - 1) / chunkElements;
					count += end - Math.max(last, from / chunkElements - 1);
					last = end;
				}
			}
		}
		return count;
	}

	private void replaceSome(Selection.Some selection, State state, List<Database.Update> first) throws SQLException {
		Writer writer = this.chunks.writer(first);
		Pieces pieces = new Pieces(this.row, selection);
		for (TouchedChunks all = new TouchedChunks(this.row, selection, portion()); all.hasNext();) {
			List<Place> portion = all.next();
			Map<Place, byte[]> found = this.kept.isPresent() ? this.kept.get() : find(portion);
			for (Place place : portion) {
				byte[] raw = found.get(place);
				if (raw == null) {
					raw = this.initial.raw(this.chunks, this.row, place);
				}
				for (pieces.enter(place); pieces.next();) {
					RawElements.write(state.of(place.vector()), pieces.at(), raw, pieces.offset(), pieces.count());
				}
				writer.put(new Chunk(place, raw));
			}
		}
		writer.flush();
	}

	/// The same tensors in shorter rows, ready for a selection to be replaced.
	/// @param elements per chunk from now on, fewer than before
	StoredTensors split(int elements, Selection selection) throws SQLException {
		long stored = switch (selection) {
			case Selection.All all -> {
				this.chunks.removeAll();
				yield 0;
			}
			case Selection.Some some -> new ChunkSplit(this.row, this.chunks, this.initial).into(elements);
		};
		SessionRow shorter = this.row.withChunks(elements, stored);
		StoredTensors split = new StoredTensors(shorter, this.chunks.of(shorter));
		if (selection instanceof Selection.Some) {
			split.load(selection);
		}
		return split;
	}

	private int chunkBytes() {
		return this.row.chunkElements() * this.row.dtype().bytes();
	}

	/// How many chunks go through memory at a time.
	private int portion() {
		return Math.max(1, Chunks.PORTION_BYTES / chunkBytes());
	}

}
