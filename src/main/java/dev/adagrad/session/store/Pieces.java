package dev.adagrad.session.store;

import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Place;

/// What a selection has of chunk after chunk, piece by piece; the chunks are entered as [TouchedChunks] names them.
///
/// It is its own piece, as a cursor is, since a selection may have millions.
final class Pieces {

	private final Selection.Some selection;

	private final int chunkElements;

	private Vector vector = Vector.G;

	private long chunkEnd;

	/// Which range comes next, and how much of it is behind us.
	private int range;

	private int done;

	private long address;

	private int at;

	private int count;

	Pieces(SessionRow row, Selection.Some selection) {
		this.selection = selection;
		this.chunkElements = row.chunkElements();
	}

	/// The pieces that follow are those of a chunk.
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

	/// Its first address.
	long address() {
		return this.address;
	}

	/// Where it begins in its chunk.
	int offset() {
		return (int) (this.address % this.chunkElements);
	}

	/// Where it begins among the selected elements of the vector.
	int at() {
		return this.at;
	}

	/// How many elements it has.
	int count() {
		return this.count;
	}

}
