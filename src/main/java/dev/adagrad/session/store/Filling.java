package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.Optional;

import dev.adagrad.session.Layout;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Chunk;
import dev.adagrad.session.store.Chunks.Place;
import dev.adagrad.session.store.Chunks.Writer;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.RawElements;
import dev.adagrad.tensor.Tensor;

/// Chunks of a vector on their way to be written. They are filled tensor by tensor, by address. Elements that no tensor
/// fills have their initial values.
final class Filling {

	private final SessionRow row;

	private final Layout layout;

	private final Chunks chunks;

	private final InitialValues initial;

	private final Writer writer;

	private final Vector vector;

	/// The chunk that is being filled.
	private Optional<Chunk> begun = Optional.empty();

	Filling(SessionRow row, Chunks chunks, InitialValues initial, Writer writer, Vector vector) {
		this.row = row;
		this.layout = row.session().configuration().layout();
		this.chunks = chunks;
		this.initial = initial;
		this.writer = writer;
		this.vector = vector;
	}

	/// Puts all elements of a tensor into the chunks.
	/// @param tensor its place in the layout
	void put(int tensor, Blocks<Tensor> blocks) throws SQLException {
		put(this.layout.from(this.vector, tensor), this.layout.size(this.vector, tensor), blocks);
	}

	/// Puts all elements of the vector into the chunks.
	void put(Tensor whole) throws SQLException {
		put(0, this.row.size(this.vector), Blocks.of(whole));
	}

	private void put(long from, long size, Blocks<Tensor> blocks) throws SQLException {
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
				Chunk chunk = chunk(address, from + size);
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
	private Chunk chunk(long address, long end) throws SQLException {
		Place place = new Place(this.vector, address / this.row.chunkElements());
		if (this.begun.isPresent() && this.begun.get().place().equals(place)) {
			return this.begun.get();
		}
		end();
		boolean filledWhole = address % this.row.chunkElements() == 0 && end - address >= this.chunks.length(place);
		Chunk chunk = new Chunk(place,
				filledWhole ? this.writer.raw(place) : this.initial.raw(this.chunks, this.row, place));
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
