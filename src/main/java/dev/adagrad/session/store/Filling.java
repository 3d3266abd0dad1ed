package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import dev.adagrad.session.Initial;
import dev.adagrad.session.Layout;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Chunk;
import dev.adagrad.session.store.Chunks.Place;
import dev.adagrad.session.store.Chunks.Writer;
import dev.adagrad.session.store.Database.Update;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.RawElements;
import dev.adagrad.tensor.Tensor;

/// Chunks of a session on their way to be written. They are filled vector by vector and tensor by tensor, by address.
/// Elements that no tensor fills have their initial values.
final class Filling {

	private final SessionRow row;

	private final Chunks chunks;

	private final InitialValues initial;

	private final Writer writer;

	/// The chunk that is being filled.
	private Optional<Chunk> begun = Optional.empty();

	/// @param first what to write before the chunks, in the same round trip as the first
	/// of them
	Filling(SessionRow row, Chunks chunks, InitialValues initial, List<Update> first) throws SQLException {
		this.row = row;
		this.chunks = chunks;
		this.initial = initial;
		this.writer = chunks.writer(first);
	}

	/// Puts the elements of those tensors of a vector into the chunks that have a value
	/// for each.
	/// @param tensors in the order of the layout
	void put(Vector vector, List<Initial> tensors) throws SQLException {
		Layout layout = this.row.session().configuration().layout();
		for (int tensor : layout.byAddress()) {
			if (tensors.get(tensor) instanceof Initial.Given(Blocks<Tensor> blocks)) {
				put(vector, layout.from(vector, tensor), layout.size(vector, tensor), blocks);
			}
		}
	}

	/// Puts all elements of a vector into the chunks.
	void put(Vector vector, Tensor whole) throws SQLException {
		put(vector, 0, this.row.size(vector), Blocks.of(whole));
	}

	private void put(Vector vector, long from, long size, Blocks<Tensor> blocks) throws SQLException {
		if (blocks.size() != size) {
			throw new IllegalStateException(blocks.size() + " elements for a tensor of " + size);
		}
		long address = from;
		for (Tensor block : blocks) {
			if (block.dtype() != this.row.dtype()) {
				throw new IllegalStateException(block.dtype() + " for a session of " + this.row.dtype());
			}
			if (address + block.size() > from + size) {
				throw new IllegalStateException("more elements than the blocks' size of " + size);
			}
			for (int done = 0, count; done < block.size(); done += count, address += count) {
				Chunk chunk = chunk(vector, address, from + size);
				int offset = (int) (address % this.row.chunkElements());
				count = Math.min(block.size() - done, this.chunks.length(chunk.place()) - offset);
				RawElements.write(block, done, chunk.raw(), offset, count);
			}
		}
		if (address < from + size) {
			throw new IllegalStateException("fewer elements than the blocks' size of " + size);
		}
	}

	/// The chunk of an address.
	/// @param end where the tensor ends
	private Chunk chunk(Vector vector, long address, long end) throws SQLException {
		Place place = new Place(vector, address / this.row.chunkElements());
		if (this.begun.isPresent() && this.begun.get().place().equals(place)) {
			return this.begun.get();
		}
		write();
		boolean filledWhole = address % this.row.chunkElements() == 0 && end - address >= this.chunks.length(place);
		Chunk chunk = new Chunk(place,
				filledWhole ? this.writer.raw(place) : this.initial.raw(this.chunks, this.row, place));
		this.begun = Optional.of(chunk);
		return chunk;
	}

	/// Writes the chunk that is being filled.
	private void write() throws SQLException {
		if (this.begun.isPresent()) {
			this.writer.put(this.begun.get());
			this.begun = Optional.empty();
		}
	}

	/// Writes what is not written yet.
	void end() throws SQLException {
		write();
		this.writer.flush();
	}

}
