package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

import dev.adagrad.session.Selection;
import dev.adagrad.session.SessionRefusals;
import dev.adagrad.session.State;
import dev.adagrad.session.StoredState;
import dev.adagrad.session.store.Chunks.Chunk;
import dev.adagrad.session.store.Chunks.Place;
import dev.adagrad.session.store.Chunks.Writer;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.RawElements;
import dev.adagrad.tensor.Tensor;

/// The tensors of one session as rows of the table `chunks`, for the length of one transaction.
///
/// Chunk i of a tensor holds the elements `i · chunkElements` to `min(size, (i + 1) · chunkElements) − 1`, raw and
/// little-endian; one that has no row holds the tensor's initial value throughout. The session's row tells how many rows
/// there must be. No more than a portion of chunks is in memory at a time, beside what is asked for.
final class StoredTensors implements StoredState {

	private static final int G = 0;

	private static final int PARAMETER = 1;

	/// What a sparse step keeps in memory between reading and writing; beyond it the
	/// chunks are read again.
	private static final int KEPT_BYTES = 4 << 20;

	private final SessionRow row;

	private final Chunks chunks;

	/// The chunks of the elements that were read last, unless they are too many.
	private Optional<Map<Place, byte[]>> kept = Optional.empty();

	/// How many chunks of the elements that were read last are not stored.
	private int absent;

	StoredTensors(Database database, Dialect dialect, SessionRow row) {
		this.row = row;
		this.chunks = new Chunks(database, dialect, row);
	}

	@Override
	public Blocks<Tensor> G() {
		return blocks(G);
	}

	@Override
	public Optional<Blocks<Tensor>> parameter() {
		return (this.row.tensors() > 1) ? Optional.of(blocks(PARAMETER)) : Optional.empty();
	}

	/// All elements, read portion by portion, each when it is asked for.
	private Blocks<Tensor> blocks(int tensor) {
		return new Blocks<>() {
			@Override
			public int size() {
				return Math.toIntExact(StoredTensors.this.row.size());
			}

			@Override
			public Iterator<Tensor> iterator() {
				return new Portions(tensor);
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

	/// The elements selected, in one piece.
	State load(Selection selection) throws SQLException {
		return switch (selection) {
			case Selection.All all -> all();
			case Selection.Elements elements -> some(elements.indices());
		};
	}

	private State all() throws SQLException {
		RawElements[] tensors = new RawElements[this.row.tensors()];
		long stored = 0;
		for (int tensor = 0; tensor < tensors.length; tensor++) {
			tensors[tensor] = RawElements.of(this.row.dtype(), Math.toIntExact(this.row.size()));
			for (long chunk = 0; chunk < this.row.chunks(); chunk += portion(1)) {
				stored += read(tensor, chunk, Math.min(this.row.chunks(), chunk + portion(1)), tensors[tensor], 0);
			}
		}
		if (stored != this.row.storedChunks()) {
			throw SessionRefusals.damaged(this.row.session().id().value(),
					"it has " + stored + " chunks, not " + this.row.storedChunks(), null);
		}
		return state(tensors);
	}

	/// Reads chunks `first` to `end − 1` into elements that begin with element `origin`.
	/// @return how many of them are stored
	private int read(int tensor, long first, long end, RawElements into, long origin) throws SQLException {
		long next = first;
		List<Chunk> stored = this.chunks.range(tensor, first, end);
		for (Chunk chunk : stored) {
			long number = chunk.place().chunk();
			fill(tensor, next, number, into, origin);
			into.copy(chunk.raw(), 0, (int) (number * this.row.chunkElements() - origin), this.chunks.length(number));
			next = number + 1;
		}
		fill(tensor, next, end, into, origin);
		return stored.size();
	}

	/// What chunks `first` to `end − 1`, which are not stored, hold.
	private void fill(int tensor, long first, long end, RawElements into, long origin) {
		for (long chunk = first; chunk < end; chunk++) {
			into.fill(initial(new Place(tensor, chunk)), (int) (chunk * this.row.chunkElements() - origin),
					this.chunks.length(chunk));
		}
	}

	/// @param indices distinct and ascending
	private State some(long[] indices) throws SQLException {
		RawElements[] tensors = new RawElements[this.row.tensors()];
		Arrays.setAll(tensors, (tensor) -> RawElements.of(this.row.dtype(), indices.length));
		long[] touched = touched(indices);
		this.kept = ((long) touched.length * chunkBytes() * this.row.tensors() <= KEPT_BYTES)
				? Optional.of(new HashMap<>()) : Optional.empty();
		this.absent = 0;
		int at = 0;
		for (long[] portion : portions(touched)) {
			Map<Place, byte[]> found = find(portion);
			this.absent += portion.length * tensors.length - found.size();
			this.kept.ifPresent((all) -> all.putAll(found));
			int end = at(indices, at, portion);
			for (int tensor = 0; tensor < tensors.length; tensor++) {
				for (int i = at; i < end; i++) {
					Place place = new Place(tensor, indices[i] / this.row.chunkElements());
					byte[] raw = found.get(place);
					if (raw == null) {
						tensors[tensor].fill(initial(place), i, 1);
					}
					else {
						tensors[tensor].copy(raw, (int) (indices[i] % this.row.chunkElements()), i, 1);
					}
				}
			}
			at = end;
		}
		return state(tensors);
	}

	private static State state(RawElements[] tensors) {
		return new State(tensors[G].tensor(),
				(tensors.length > 1) ? Optional.of(tensors[PARAMETER].tensor()) : Optional.empty());
	}

	private Map<Place, byte[]> find(long[] portion) throws SQLException {
		List<Place> places = new ArrayList<>(portion.length * this.row.tensors());
		for (int tensor = 0; tensor < this.row.tensors(); tensor++) {
			for (long chunk : portion) {
				places.add(new Place(tensor, chunk));
			}
		}
		Map<Place, byte[]> found = HashMap.newHashMap(places.size());
		for (Chunk chunk : this.chunks.at(places)) {
			found.put(chunk.place(), chunk.raw());
		}
		return found;
	}

	/// How many chunks are stored once a selection has been replaced. It must have been
	/// read in this transaction, unless it is all.
	long storedWith(Selection selection) {
		return switch (selection) {
			case Selection.All all -> this.row.allChunks();
			case Selection.Elements elements -> this.row.storedChunks() + this.absent;
		};
	}

	/// Replaces the elements selected, which must have been read in this transaction,
	/// unless they are all.
	/// @param first what is to be written before, in the same round trip
	void replace(Selection selection, State state, List<Database.Update> first) throws SQLException {
		Writer writer = this.chunks.writer(first);
		switch (selection) {
			case Selection.All all -> replaceAll(writer, Blocks.of(state.G()), state.parameter().map(Blocks::of));
			case Selection.Elements elements -> replaceSome(writer, elements.indices(), state);
		}
		writer.flush();
	}

	/// Replaces all elements of all tensors.
	void replaceAll(Blocks<Tensor> G, Optional<Blocks<Tensor>> parameter) throws SQLException {
		Writer writer = this.chunks.writer(List.of());
		replaceAll(writer, G, parameter);
		writer.flush();
	}

	private void replaceAll(Writer writer, Blocks<Tensor> G, Optional<Blocks<Tensor>> parameter) throws SQLException {
		put(writer, StoredTensors.G, G);
		if (parameter.isPresent()) {
			put(writer, PARAMETER, parameter.get());
		}
	}

	/// Writes all elements of a tensor that has no chunks yet.
	void insert(boolean parameter, Blocks<Tensor> blocks) throws SQLException {
		Writer writer = this.chunks.writer(List.of());
		put(writer, parameter ? PARAMETER : G, blocks);
		writer.flush();
	}

	private void put(Writer writer, int tensor, Blocks<Tensor> blocks) throws SQLException {
		if (blocks.size() != this.row.size()) {
			throw new IllegalStateException(
					blocks.size() + " elements for a session of " + this.row.size() + " elements");
		}
		long chunk = 0;
		int filled = 0;
		byte[] raw = writer.raw(0);
		for (Tensor block : blocks) {
			if (block.dtype() != this.row.dtype()) {
				throw new IllegalStateException(block.dtype() + " for a session of " + this.row.dtype());
			}
			for (int from = 0; from < block.size();) {
				if (chunk == this.row.chunks()) {
					throw new IllegalStateException("more elements than the blocks' size of " + blocks.size());
				}
				int count = Math.min(block.size() - from, this.chunks.length(chunk) - filled);
				RawElements.write(block, from, raw, filled, count);
				from += count;
				filled += count;
				if (filled == this.chunks.length(chunk)) {
					writer.put(new Chunk(new Place(tensor, chunk), raw));
					chunk++;
					filled = 0;
					if (chunk < this.row.chunks()) {
						raw = writer.raw(chunk);
					}
				}
			}
		}
		if (chunk < this.row.chunks()) {
			throw new IllegalStateException("fewer elements than the blocks' size of " + blocks.size());
		}
	}

	private void replaceSome(Writer writer, long[] indices, State state) throws SQLException {
		int at = 0;
		for (long[] portion : portions(touched(indices))) {
			Map<Place, byte[]> found = this.kept.isPresent() ? this.kept.get() : find(portion);
			int end = at(indices, at, portion);
			for (int tensor = 0; tensor < this.row.tensors(); tensor++) {
				Tensor values = (tensor == G) ? state.G() : state.parameter().orElseThrow();
				for (int i = at; i < end;) {
					Place place = new Place(tensor, indices[i] / this.row.chunkElements());
					byte[] raw = found.get(place);
					if (raw == null) {
						raw = RawElements.constant(this.row.dtype(), initial(place), this.chunks.length(place.chunk()));
					}
					for (; i < end && indices[i] / this.row.chunkElements() == place.chunk(); i++) {
						RawElements.write(values, i, raw, (int) (indices[i] % this.row.chunkElements()), 1);
					}
					writer.put(new Chunk(place, raw));
				}
			}
			at = end;
		}
	}

	/// Splits the rows that are there into shorter ones, from the last to the first, so
	/// that no number is needed before it is free.
	/// @param elements per chunk from now on, fewer than before
	/// @return how many rows there are then
	long split(int elements) throws SQLException {
		Chunks shorter = this.chunks.of(this.row.withChunks(elements, 0));
		long stored = 0;
		for (int tensor = 0; tensor < this.row.tensors(); tensor++) {
			Writer writer = shorter.writer(List.of());
			// what begins in the row that comes next, if that is there
			Optional<Chunk> begun = Optional.empty();
			for (long number : this.chunks.stored(tensor)) {
				byte[] raw = this.chunks.range(tensor, number, number + 1).getFirst().raw();
				this.chunks.remove(new Place(tensor, number));
				long from = number * this.row.chunkElements();
				long to = from + this.chunks.length(number);
				for (long piece = (to - 1) / elements; piece >= from / elements; piece--) {
					Place place = new Place(tensor, piece);
					if (begun.isPresent() && !begun.get().place().equals(place)) {
						writer.put(begun.get());
						stored++;
						begun = Optional.empty();
					}
					Chunk chunk = begun.isPresent() ? begun.get()
							: new Chunk(place, blank(tensor, shorter.length(piece)));
					long start = piece * elements;
					long first = Math.max(from, start);
					int bytes = this.row.dtype().bytes();
					System.arraycopy(raw, (int) (first - from) * bytes, chunk.raw(), (int) (first - start) * bytes,
							(int) (Math.min(to, start + shorter.length(piece)) - first) * bytes);
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

	private byte[] blank(int tensor, int elements) {
		return RawElements.constant(this.row.dtype(), constant(tensor).orElse(0.0), elements);
	}

	/// Takes all rows away.
	void removeAll() throws SQLException {
		this.chunks.removeAll();
	}

	private double initial(Place place) {
		Optional<Double> constant = constant(place.tensor());
		if (constant.isEmpty() || this.row.isWhole()) {
			throw this.chunks.damaged(place, "is missing");
		}
		return constant.get();
	}

	private Optional<Double> constant(int tensor) {
		return (tensor == G) ? this.row.session().initialAccumulatorValue()
				: this.row.session().initialParameterValue();
	}

	private int chunkBytes() {
		return this.row.chunkElements() * this.row.dtype().bytes();
	}

	/// How many chunks of so many tensors each go through memory at a time.
	private int portion(int tensors) {
		return Math.max(1, Chunks.PORTION_BYTES / (chunkBytes() * tensors));
	}

	private long[] touched(long[] indices) {
		long[] chunks = new long[indices.length];
		int count = 0;
		for (long index : indices) {
			long chunk = index / this.row.chunkElements();
			if (count == 0 || chunks[count - 1] != chunk) {
				chunks[count++] = chunk;
			}
		}
		return Arrays.copyOf(chunks, count);
	}

	private List<long[]> portions(long[] touched) {
		List<long[]> portions = new ArrayList<>();
		int portion = portion(this.row.tensors());
		for (int from = 0; from < touched.length; from += portion) {
			portions.add(Arrays.copyOfRange(touched, from, Math.min(touched.length, from + portion)));
		}
		return portions;
	}

	/// From `at` on, the first place in `indices` of one beyond the last chunk of a
	/// portion.
	private int at(long[] indices, int at, long[] portion) {
		long beyond = (portion[portion.length - 1] + 1) * this.row.chunkElements();
		int end = at;
		while (end < indices.length && indices[end] < beyond) {
			end++;
		}
		return end;
	}

	private final class Portions implements Iterator<Tensor> {

		private final int tensor;

		private long next;

		private Portions(int tensor) {
			this.tensor = tensor;
		}

		@Override
		public boolean hasNext() {
			return this.next < StoredTensors.this.row.chunks();
		}

		@Override
		public Tensor next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			SessionRow row = StoredTensors.this.row;
			long first = this.next;
			long end = Math.min(row.chunks(), first + portion(1));
			long from = first * row.chunkElements();
			long to = Math.min(row.size(), end * row.chunkElements());
			RawElements elements = RawElements.of(row.dtype(), (int) (to - from));
			try {
				read(this.tensor, first, end, elements, from);
			}
			catch (SQLException ex) {
				throw new UncheckedSqlException(ex);
			}
			this.next = end;
			return elements.tensor();
		}

	}

}
