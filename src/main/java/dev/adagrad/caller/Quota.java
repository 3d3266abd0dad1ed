package dev.adagrad.caller;

/// How much a tenant may use. [#UNLIMITED] stands for no limit.
///
/// @param sessions the most sessions that exist at a time, ≥ 0
/// @param storedBytes the most bytes that they take in the store: their tensors, as far as rows hold them, and their
/// descriptions, ≥ 0
/// @param stepsPerSecond the most steps that it takes in a second, ≥ 1
/// @param requests the most requests under way at a time, ≥ 1
public record Quota(long sessions, long storedBytes, long stepsPerSecond, long requests) {

	/// A value that limits nothing.
	public static final long UNLIMITED = Long.MAX_VALUE;

	/// No limits at all.
	public static final Quota NONE = new Quota(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);

	/// Whether it limits what a tenant keeps in the store.
	public boolean limitsRoom() {
		return this.sessions != UNLIMITED || this.storedBytes != UNLIMITED;
	}

}
