package dev.adagrad.session;

/// Identifies a state of a session: the number of steps, and the incarnation. Creation and each restore begin a new
/// incarnation, so that a repeated step number is not taken for the first one.
///
/// @param step how many steps have been taken, ≥ 0
/// @param incarnation a name that no other incarnation of this session has
public record Version(long step, String incarnation) {

	/// The state after one more step of the same incarnation.
	/// @throws ArithmeticException beyond 64 bits
	public Version next() {
		return new Version(Math.addExact(this.step, 1), this.incarnation);
	}

}
