package dev.adagrad.session;

/// Which state of a session is meant: after how many steps, in which incarnation. One begins with creation and with each
/// restore, so that a step number that comes a second time is not taken for the first.
///
/// @param step how many steps have been taken, ≥ 0
/// @param incarnation a name that no other of this session has
public record Version(long step, String incarnation) {

	/// The state after one more step of the same incarnation.
	/// @throws ArithmeticException beyond 64 bits
	public Version next() {
		return new Version(Math.addExact(this.step, 1), this.incarnation);
	}

}
