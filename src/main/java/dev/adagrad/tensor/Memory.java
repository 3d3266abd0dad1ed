package dev.adagrad.tensor;

/// Counts memory of the heap before it is allocated. So a demand that is too large is refused, instead of causing an
/// `OutOfMemoryError` in some thread or other.
///
/// An implementation says who may call it, and when it takes back what callers have not given back.
public interface Memory {

	/// For callers with a bound of their own: accepts everything and counts nothing.
	Memory UNCOUNTED = new Memory() {
		@Override
		public void take(long bytes) {
		}

		@Override
		public void giveBack(long bytes) {
		}
	};

	/// Counts bytes as taken.
	/// @throws RuntimeException if there are not enough; then none are taken
	void take(long bytes);

	/// Counts taken bytes as free again.
	void giveBack(long bytes);

}
