package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Chunk;
import dev.adagrad.session.store.Chunks.Place;
import dev.adagrad.session.store.Chunks.Writer;

/// Makes shorter rows of the stored rows of a session, for steps that touch a few elements of each.
///
/// It goes from the last row to the first, so that each new number is free when it is needed. One row is in memory at a
/// time, and the shorter one that begins in the row before it.
///
/// @param row as it is before
/// @param initial of elements that a shorter row has and no stored one
record ChunkSplit(SessionRow row, Chunks chunks, InitialValues initial) {

	/// Replaces the rows.
	/// @param elements per chunk from now on, fewer than before
	/// @return how many rows there are then
	long into(int elements) throws SQLException {
		SessionRow split = this.row.withChunks(elements, 0);
		Chunks shorter = this.chunks.of(split);
		long stored = 0;
		for (Vector vector : this.row.vectors()) {
			Writer writer = shorter.writer(List.of());
			// the shorter chunk that begins in the row handled next, if that row is
			// stored
			Optional<Chunk> begun = Optional.empty();
			for (long number : this.chunks.stored(vector, 0, this.row.chunks(vector), Integer.MAX_VALUE).reversed()) {
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
					Chunk chunk = begun.isPresent() ? begun.get()
							: new Chunk(place, this.initial.raw(shorter, split, place));
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

}
