package dev.adagrad.session;

/// Which state of a session is meant: after how many steps, in which life. A life begins with creation and with each
/// restore, so that a step number that comes a second time is not taken for the first.
///
/// @param step how many steps have been taken, ≥ 0
/// @param life a name that no other life of this session has
public record Version(long step, String life) {

	/// The state after one more step of the same life.
	/// @throws ArithmeticException beyond 64 bits
	public Version next() {
		return new Version(Math.addExact(this.step, 1), this.life);
	}

}
