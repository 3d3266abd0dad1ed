package dev.adagrad.tensor;

/// The element type of a tensor, with its name in safetensors.
///
/// @see <a href="https://standards.ieee.org/ieee/754/6210/">IEEE 754: binary64 and binary32</a>
public enum DType {

	/// IEEE 754 binary64, a Java `double`.
	F64(Double.BYTES),
	/// IEEE 754 binary32, a Java `float`.
	F32(Float.BYTES);

	private final int bytes;

	DType(int bytes) {
		this.bytes = bytes;
	}

	/// The size of one element in bytes.
	public int bytes() {
		return this.bytes;
	}

	/// Rounds a double to this dtype, once and to nearest even, then widens it back,
	/// which is exact. A value beyond the dtype's range becomes infinite.
	public double round(double value) {
		return switch (this) {
			case F64 -> value;
			case F32 -> (float) value;
		};
	}

}
