package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.NewSession;
import dev.adagrad.session.Ranges;
import dev.adagrad.session.Restoration;
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
import org.jspecify.annotations.Nullable;

/// The vectors of one session as rows of the table `chunks`, for the length of one transaction.
///
/// Chunk i of a vector holds the elements `i · chunkElements` to `min(size, (i + 1) · chunkElements) − 1`, raw and
/// little-endian; one that has no row holds what these started from. The session's row tells how many rows there must be.
/// No more than a portion of chunks is in memory at a time, beside what is asked for.
final class StoredTensors implements StoredState {

	/// What a sparse step keeps in memory between reading and writing; beyond it the
	/// chunks are read again.
	private static final int KEPT_BYTES = 4 << 20;

	private final SessionRow row;

	private final Chunks chunks;

	private final InitialValues initial;

	/// The chunks of the elements that were read last, unless they are too many.
	private Optional<Map<Place, byte[]>> kept = Optional.empty();

	/// How many chunks of the elements that were read last are not stored.
	private int absent;

	StoredTensors(Database database, Dialect dialect, SessionRow row) {
		this.row = row;
		this.chunks = new Chunks(database, dialect, row);
		this.initial = new InitialValues(row.session());
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
				return new Portions(vector, from, from + size);
			}
		};
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

	/// The elements selected, in one piece.
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

	/// Reads from chunks `first` to `end − 1` the elements from address `from` to `to −
	/// 1`.
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

	/// What the elements from address `first` to `end − 1`, which are not stored, hold.
	/// @param origin the address of the first one of `into`
	private void fill(Vector vector, long first, long end, RawElements into, long origin) {
		if (first < end) {
			Place place = new Place(vector, first / this.row.chunkElements());
			requireSparse(place);
			if (!this.initial.fill(vector, first, (int) (end - first), into, (int) (first - origin))) {
				throw this.chunks.damaged(place, "is missing");
			}
		}
	}

	/// Nothing may be missing where the row says that all chunks are stored.
	private void requireSparse(Place place) {
		if (this.row.isWhole()) {
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
		Pieces pieces = new Pieces(selection);
		for (Touched all = new Touched(selection); all.hasNext();) {
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
				for (pieces.enter(place); pieces.next();) {
					if (raw != null) {
						into.copy(raw, pieces.offset, pieces.at, pieces.count);
					}
					else {
						fill(place.vector(), pieces.address, pieces.address + pieces.count, into,
								pieces.address - pieces.at);
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

	/// How many chunks are stored once a selection has been replaced. It must have been
	/// read in this transaction, unless it is all.
	long storedWith(Selection selection) {
		return switch (selection) {
			case Selection.All all -> this.row.allChunks();
			case Selection.Some some -> this.row.storedChunks() + this.absent;
		};
	}

	/// Replaces the elements selected, which must have been read in this transaction,
	/// unless they are all.
	/// @param first what is to be written before, in the same round trip
	void replace(Selection selection, State state, List<Database.Update> first) throws SQLException {
		Writer writer = this.chunks.writer(first);
		switch (selection) {
			case Selection.All all -> {
				for (Vector vector : this.row.vectors()) {
					Filling filling = new Filling(writer, vector);
					filling.put(state.of(vector));
					filling.end();
				}
			}
			case Selection.Some some -> replaceSome(writer, some, state);
		}
		writer.flush();
	}

	/// Replaces all elements of all tensors.
	void replaceAll(Restoration.Whole whole) throws SQLException {
		Writer writer = this.chunks.writer(List.of());
		for (Vector vector : this.row.vectors()) {
			Filling filling = new Filling(writer, vector);
			List<Blocks<Tensor>> each = whole.of(vector).orElseThrow();
			for (int tensor : layout().byAddress()) {
				filling.put(tensor, each.get(tensor));
			}
			filling.end();
		}
		writer.flush();
	}

	/// Writes what was given element by element of a session that has no chunks yet.
	void insert(NewSession session) throws SQLException {
		Writer writer = this.chunks.writer(List.of());
		for (Vector vector : this.row.vectors()) {
			Filling filling = new Filling(writer, vector);
			List<Initial> each = session.of(vector).orElseThrow();
			for (int tensor : layout().byAddress()) {
				if (each.get(tensor) instanceof Initial.Given(Blocks<Tensor> blocks)) {
					filling.put(tensor, blocks);
				}
			}
			filling.end();
		}
		writer.flush();
	}

	/// How many chunks [#insert] writes.
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

	private void replaceSome(Writer writer, Selection.Some selection, State state) throws SQLException {
		Pieces pieces = new Pieces(selection);
		for (Touched all = new Touched(selection); all.hasNext();) {
			List<Place> portion = all.next();
			Map<Place, byte[]> found = this.kept.isPresent() ? this.kept.get() : find(portion);
			for (Place place : portion) {
				byte[] raw = found.get(place);
				if (raw == null) {
					requireSparse(place);
					raw = started(this.chunks, this.row, place);
				}
				for (pieces.enter(place); pieces.next();) {
					RawElements.write(state.of(place.vector()), pieces.at, raw, pieces.offset, pieces.count);
				}
				writer.put(new Chunk(place, raw));
			}
		}
	}

	/// A chunk that is not stored; what was given in it, which others are to write, is 0.
	private byte[] started(Chunks chunks, SessionRow row, Place place) {
		int length = chunks.length(place);
		RawElements elements = RawElements.of(row.dtype(), length);
		this.initial.fill(place.vector(), place.chunk() * row.chunkElements(), length, elements, 0);
		byte[] raw = new byte[length * row.dtype().bytes()];
		RawElements.write(elements.tensor(), 0, raw, 0, length);
		return raw;
	}

	/// Splits the rows that are there into shorter ones, from the last to the first, so
	/// that no number is needed before it is free.
	/// @param elements per chunk from now on, fewer than before
	/// @return how many rows there are then
	long split(int elements) throws SQLException {
		SessionRow split = this.row.withChunks(elements, 0);
		Chunks shorter = this.chunks.of(split);
		long stored = 0;
		for (Vector vector : this.row.vectors()) {
			Writer writer = shorter.writer(List.of());
			// what begins in the row that comes next, if that is there
			Optional<Chunk> begun = Optional.empty();
			for (long number : this.chunks.stored(vector)) {
				Place whole = new Place(vector, number);
				byte[] raw = this.chunks.range(vector, number, number + 1).getFirst().raw();
				this.chunks.remove(whole);
				long from = number * this.row.chunkElements();
				long to = from + this.chunks.length(whole);
				for (long piece = (to - 1) / elements; piece >= from / elements; piece--) {
					Place place = new Place(vector, piece);
					if (begun.isPresent() && !begun.get().place().equals(place)) {
						writer.put(begun.get());
						stored++;
						begun = Optional.empty();
					}
					Chunk chunk = begun.isPresent() ? begun.get() : new Chunk(place, started(shorter, split, place));
					long start = piece * elements;
					long first = Math.max(from, start);
					int bytes = this.row.dtype().bytes();
					System.arraycopy(raw, (int) (first - from) * bytes, chunk.raw(), (int) (first - start) * bytes,
							(int) (Math.min(to, start + shorter.length(place)) - first) * bytes);
					begun = Optional.of(chunk);
				}
			}
			if (begun.isPresent()) {
				writer.put(begun.get());
				stored++;
			}
			writer.flush();
		}
		return stored;
	}

	/// Takes all rows away.
	void removeAll() throws SQLException {
		this.chunks.removeAll();
	}

	private Layout layout() {
		return this.row.session().configuration().layout();
	}

	private int chunkBytes() {
		return this.row.chunkElements() * this.row.dtype().bytes();
	}

	/// How many chunks go through memory at a time.
	private int portion() {
		return Math.max(1, Chunks.PORTION_BYTES / chunkBytes());
	}

	/// The chunks in which a selection has elements, vector by vector, ascending, a
	/// portion
	/// at a time.
	private final class Touched implements Iterator<List<Place>> {

		private final Selection.Some selection;

		private final Iterator<Vector> vectors = StoredTensors.this.row.vectors().iterator();

		private Vector vector = this.vectors.next();

		/// Which range comes next, and which chunk is the first that was not named.
		private int range;

		private long chunk;

		Touched(Selection.Some selection) {
			this.selection = selection;
		}

		@Override
		public boolean hasNext() {
			if (this.range == this.selection.of(this.vector).count() && this.vectors.hasNext()) {
				this.vector = this.vectors.next();
				this.range = 0;
				this.chunk = 0;
			}
			return this.range < this.selection.of(this.vector).count();
		}

		@Override
		public List<Place> next() {
			List<Place> places = new ArrayList<>();
			int length = StoredTensors.this.row.chunkElements();
			while (places.size() < portion() && hasNext()) {
				Ranges ranges = this.selection.of(this.vector);
				long begin = ranges.begin(this.range);
				long behind = (begin + ranges.length(this.range) - 1) / length + 1;
				this.chunk = Math.max(this.chunk, begin / length);
				for (; this.chunk < behind && places.size() < portion(); this.chunk++) {
					places.add(new Place(this.vector, this.chunk));
				}
				if (this.chunk >= behind) {
					this.range++;
				}
			}
			return places;
		}

	}

	/// What a selection has of chunk after chunk, piece by piece; the chunks are entered
	/// as [Touched] names them.
	private final class Pieces {

		private final Selection.Some selection;

		private @Nullable Vector vector;

		private @Nullable Ranges ranges;

		private long chunkEnd;

		/// Which range comes next, and how much of it is behind us.
		private int range;

		private int done;

		/// The piece: its first address, where that is in the chunk and among the
		/// selected
		/// elements of the vector, and how many elements it has.
		private long address;

		private int offset;

		private int at;

		private int count;

		Pieces(Selection.Some selection) {
			this.selection = selection;
		}

		void enter(Place place) {
			Ranges entered = this.selection.of(place.vector());
			if (this.vector != place.vector()) {
				this.vector = place.vector();
				this.ranges = entered;
				this.range = 0;
				this.done = 0;
				this.at = 0;
				this.count = 0;
			}
			this.chunkEnd = (place.chunk() + 1) * StoredTensors.this.row.chunkElements();
		}

		boolean next() {
			Ranges entered = this.ranges;
			if (entered == null || this.range == entered.count()) {
				return false;
			}
			long begin = entered.begin(this.range) + this.done;
			if (begin >= this.chunkEnd) {
				return false;
			}
			int left = entered.length(this.range) - this.done;
			this.at += this.count;
			this.address = begin;
			this.count = (int) Math.min(left, this.chunkEnd - begin);
			this.offset = (int) (begin % StoredTensors.this.row.chunkElements());
			if (this.count == left) {
				this.range++;
				this.done = 0;
			}
			else {
				this.done += this.count;
			}
			return true;
		}

	}

	/// Chunks of a vector on their way, filled from tensor after tensor by address.
	private final class Filling {

		private final Writer writer;

		private final Vector vector;

		/// The chunk that is being filled, and how many of its elements are behind us.
		private Optional<Chunk> begun = Optional.empty();

		Filling(Writer writer, Vector vector) {
			this.writer = writer;
			this.vector = vector;
		}

		/// Puts all elements of a tensor.
		/// @param tensor its place in the layout
		void put(int tensor, Blocks<Tensor> blocks) throws SQLException {
			long address = layout().from(this.vector, tensor);
			put(address, layout().size(this.vector, tensor), blocks);
		}

		/// Puts all elements of the vector.
		void put(Tensor whole) throws SQLException {
			put(0, StoredTensors.this.row.size(this.vector), Blocks.of(whole));
		}

		private void put(long from, long size, Blocks<Tensor> blocks) throws SQLException {
			SessionRow row = StoredTensors.this.row;
			if (blocks.size() != size) {
				throw new IllegalStateException(blocks.size() + " elements for a tensor of " + size);
			}
			long address = from;
			for (Tensor block : blocks) {
				if (block.dtype() != row.dtype()) {
					throw new IllegalStateException(block.dtype() + " for a session of " + row.dtype());
				}
				for (int done = 0, count; done < block.size(); done += count, address += count) {
					if (address == from + size) {
						throw new IllegalStateException("more elements than the blocks' size of " + size);
					}
					Chunk chunk = chunk(address, from + size);
					int offset = (int) (address % row.chunkElements());
					count = (int) Math.min(Math.min(block.size() - done, from + size - address),
							StoredTensors.this.chunks.length(chunk.place()) - offset);
					RawElements.write(block, done, chunk.raw(), offset, count);
				}
			}
			if (address < from + size) {
				throw new IllegalStateException("fewer elements than the blocks' size of " + size);
			}
		}

		/// The chunk of an address.
		/// @param end where the tensor ends
		private Chunk chunk(long address, long end) throws SQLException {
			Place place = new Place(this.vector, address / StoredTensors.this.row.chunkElements());
			if (this.begun.isPresent() && this.begun.get().place().equals(place)) {
				return this.begun.get();
			}
			end();
			boolean filledWhole = address % StoredTensors.this.row.chunkElements() == 0
					&& end - address >= StoredTensors.this.chunks.length(place);
			Chunk chunk = new Chunk(place, filledWhole ? this.writer.raw(place)
					: started(StoredTensors.this.chunks, StoredTensors.this.row, place));
			this.begun = Optional.of(chunk);
			return chunk;
		}

		/// Writes the chunk that is being filled.
		void end() throws SQLException {
			if (this.begun.isPresent()) {
				this.writer.put(this.begun.get());
				this.begun = Optional.empty();
			}
		}

	}

	private final class Portions implements Iterator<Tensor> {

		private final Vector vector;

		private final long end;

		private long next;

		private Portions(Vector vector, long from, long to) {
			this.vector = vector;
			this.next = from;
			this.end = to;
		}

		@Override
		public boolean hasNext() {
			return this.next < this.end;
		}

		@Override
		public Tensor next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			SessionRow row = StoredTensors.this.row;
			long first = this.next / row.chunkElements();
			long behind = first + portion();
			long to = Math.min(this.end, behind * row.chunkElements());
			RawElements elements = RawElements.of(row.dtype(), (int) (to - this.next));
			try {
				read(this.vector, first, Math.min(behind, (to - 1) / row.chunkElements() + 1), elements, this.next, to);
			}
			catch (SQLException ex) {
				throw new UncheckedSqlException(ex);
			}
			this.next = to;
			return elements.tensor();
		}

	}

}
