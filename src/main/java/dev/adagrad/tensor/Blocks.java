package dev.adagrad.tensor;

import java.util.Iterator;
import java.util.List;

/// An array of numbers that may be too long for the heap, and so comes block by block, in order of the index: each
/// block is a vector of its own, which nobody need keep once the next is asked for.
///
/// May be iterated more than once, from one thread at a time, for as long as whoever made it says. Iterating throws
/// [java.io.UncheckedIOException] where the medium behind it fails.
///
/// @param <N> what a block is
public interface Blocks<N extends Numbers> extends Iterable<N> {

	/// About how many bytes a block has at most, where there is more than one.
	int MOST_BYTES = 1 << 20;

	/// The shape of the array, of at least one element.
	Shape shape();

	/// How many elements there are in all blocks together, ≥ 1.
	default int size() {
		return shape().size();
	}

	/// How many bytes of the heap one block takes, about, at most.
	default long bytesAtOnce() {
		return Math.min((long) size() * Double.BYTES, MOST_BYTES);
	}

	/// What is in memory as a whole, as one block.
	/// @param whole at least one element
	static <N extends Numbers> Blocks<N> of(N whole) {
		return new Blocks<>() {
			@Override
			public Shape shape() {
				return whole.shape();
			}

			@Override
			public Iterator<N> iterator() {
				return List.of(whole).iterator();
			}
		};
	}

}
