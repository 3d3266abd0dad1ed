package dev.adagrad.tensor;

import java.util.Iterator;
import java.util.List;

/// An array of numbers that may be too long for the heap. It comes block by block, in the order of the index. Each
/// block is a vector of its own, and a reader may drop it before it asks for the next.
///
/// One thread at a time may iterate it, more than once, for as long as its maker says. Iterating throws
/// [java.io.UncheckedIOException] if the medium behind it fails.
///
/// @param <N> the type of a block
public interface Blocks<N extends Numbers> extends Iterable<N> {

	/// About the largest number of bytes of a block, if there is more than one block.
	int MOST_BYTES = 1 << 20;

	/// The shape of the array, of at least one element.
	Shape shape();

	/// The number of elements of all blocks together, ≥ 1.
	default int size() {
		return shape().size();
	}

	/// About the largest number of bytes of the heap that one block takes.
	default long bytesAtOnce() {
		return Math.min((long) size() * Double.BYTES, MOST_BYTES);
	}

	/// One block that holds the whole array, which is in memory.
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
