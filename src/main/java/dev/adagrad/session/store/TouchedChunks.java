package dev.adagrad.session.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import dev.adagrad.session.Ranges;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Vector;
import dev.adagrad.session.store.Chunks.Place;

/// The chunks in which a selection has elements, vector by vector, ascending. They come a portion at a time, so that no
/// list is as long as the selection.
final class TouchedChunks implements Iterator<List<Place>> {

	private final Selection.Some selection;

	private final int chunkElements;

	private final int portion;

	private final Iterator<Vector> vectors;

	private Vector vector;

	/// The next range, and the first chunk that was not named yet.
	private int range;

	private long chunk;

	/// @param portion how many chunks come at a time, ≥ 1
	TouchedChunks(SessionRow row, Selection.Some selection, int portion) {
		this.selection = selection;
		this.chunkElements = row.chunkElements();
		this.portion = portion;
		this.vectors = row.vectors().iterator();
		this.vector = this.vectors.next();
	}

	@Override
	public boolean hasNext() {
		if (this.range == ranges().count() && this.vectors.hasNext()) {
			this.vector = this.vectors.next();
			this.range = 0;
			this.chunk = 0;
		}
		return this.range < ranges().count();
	}

	@Override
	public List<Place> next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		List<Place> places = new ArrayList<>();
		while (places.size() < this.portion && hasNext()) {
			long begin = ranges().begin(this.range);
			long behind = (begin + ranges().length(this.range) - 1) / this.chunkElements + 1;
			this.chunk = Math.max(this.chunk, begin / this.chunkElements);
			for (; this.chunk < behind && places.size() < this.portion; this.chunk++) {
				places.add(new Place(this.vector, this.chunk));
			}
			if (this.chunk >= behind) {
				this.range++;
			}
		}
		return places;
	}

	private Ranges ranges() {
		return this.selection.of(this.vector);
	}

}
