package dev.adagrad.session;

/// Which elements of a session a step or a reading is about. The cost follows them, not the size of the session.
public sealed interface Selection {

	/// All of them.
	record All() implements Selection {
	}

	/// Some of them. Immutable by agreement: the array is shared, not copied, and nobody
	/// writes to it.
	final class Elements implements Selection {

		private final long[] indices;

		/// @param indices at least one; distinct, ascending, each in 0 … size − 1
		public Elements(long... indices) {
			this.indices = indices;
		}

		/// Their indices: the array itself, to be read only.
		public long[] indices() {
			return this.indices;
		}

	}

}
