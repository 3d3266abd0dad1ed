package dev.adagrad.tensor;

/// Counts what somebody takes of the heap, before it is allocated; so that what is too much is refused instead of ending in
/// an `OutOfMemoryError`, which may strike anybody.
///
/// What implements it says who may call it, and when all is given back that was not.
public interface Memory {

	/// For whoever is bounded otherwise: takes all, and counts nothing.
	Memory UNCOUNTED = new Memory() {
		@Override
		public void take(long bytes) {
		}

		@Override
		public void giveBack(long bytes) {
		}
	};

	/// Counts so many bytes as taken.
	/// @throws RuntimeException if there are not as many; then none is taken
	void take(long bytes);

	/// Counts so many bytes of those taken as free.
	void giveBack(long bytes);

}
