package dev.adagrad.session;

/// Which elements of a session a step or a reading is about. The cost follows them, not the size of the session.
public sealed interface Selection {

	/// All of them.
	record All() implements Selection {
	}

	/// Some of them.
	///
	/// @param G at least one element
	/// @param parameter what of the parameter is about the same; not looked at where it
	/// is not held
	record Some(Ranges G, Ranges parameter) implements Selection {

		/// Those of a vector.
		public Ranges of(Vector vector) {
			return switch (vector) {
				case G -> this.G;
				case PARAMETER -> this.parameter;
			};
		}

	}

}
