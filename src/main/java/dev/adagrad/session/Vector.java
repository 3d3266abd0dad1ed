package dev.adagrad.session;

/// One of the two flat vectors of a session, as a store sees it.
public enum Vector {

	/// The accumulators of all tensors.
	G(0),
	/// The parameters of all tensors.
	PARAMETER(1);

	private final int number;

	Vector(int number) {
		this.number = number;
	}

	/// The number by which a store knows the vector.
	public int number() {
		return this.number;
	}

	/// The vector of a number.
	/// @throws IllegalArgumentException if there is none
	public static Vector of(int number) {
		return switch (number) {
			case 0 -> G;
			case 1 -> PARAMETER;
			default -> throw new IllegalArgumentException("there is no vector " + number);
		};
	}

}
