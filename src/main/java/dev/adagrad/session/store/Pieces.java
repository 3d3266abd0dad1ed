package dev.adagrad.session.store;

import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Place;

/// The elements of a selection, chunk by chunk and piece by piece. The chunks are entered in the order in which
/// [TouchedChunks] names them.
///
/// Like a cursor, this object is also the current piece, since a selection may have millions.
final class Pieces {

	private final Selection.Some selection;

	private final int chunkElements;

	private Vector vector = Vector.G;

	private long chunkEnd;

	/// The next range, and how much of it is done.
	private int range;

	private int done;

	private long address;

	private int at;

	private int count;

	Pieces(SessionRow row, Selection.Some selection) {
		this.selection = selection;
		this.chunkElements = row.chunkElements();
	}

	/// Moves to the pieces of a chunk.
	void enter(Place place) {
		if (this.vector != place.vector()) {
			this.vector = place.vector();
			this.range = 0;
			this.done = 0;
			this.at = 0;
			this.count = 0;
		}
		this.chunkEnd = (place.chunk() + 1) * this.chunkElements;
	}

	/// Goes on to the next piece; false if the chunk has no more.
	boolean next() {
		Ranges ranges = this.selection.of(this.vector);
		if (this.range == ranges.count() || ranges.begin(this.range) + this.done >= this.chunkEnd) {
			return false;
		}
		int left = ranges.length(this.range) - this.done;
		this.at += this.count;
		this.address = ranges.begin(this.range) + this.done;
		this.count = (int) Math.min(left, this.chunkEnd - this.address);
		this.done += this.count;
		if (this.count == left) {
			this.range++;
			this.done = 0;
		}
		return true;
	}

	/// The piece's first address.
	long address() {
		return this.address;
	}

	/// Where the piece begins in its chunk.
	int offset() {
		return (int) (this.address % this.chunkElements);
	}

	/// Where the piece begins among the selected elements of the vector.
	int at() {
		return this.at;
	}

	/// How many elements the piece has.
	int count() {
		return this.count;
	}

}
