package dev.adagrad.session;

/// The elements of a session that a step or a reading is about. The cost depends on their number, not on the size of
/// the session.
public sealed interface Selection {

	/// All of them.
	record All() implements Selection {
	}

	/// Some of them.
	///
	/// @param G at least one element
	/// @param parameter the elements of the parameter that belong to these; ignored if
	/// the server does not hold it
	record Some(Ranges G, Ranges parameter) implements Selection {

		/// The selected elements of a vector.
		public Ranges of(Vector vector) {
			return (vector == Vector.G) ? this.G : this.parameter;
		}

	}

}
