package dev.adagrad.tensor;

/// Names of tensors in a model, as the libraries spell them: `layers.0.weight` (torch), `params/Dense_0/kernel` (Flax),
/// `dense/kernel:0` (Keras).
public final class TensorNames {

	/// The regular expression that a name must match.
	public static final String GRAMMAR = "[A-Za-z0-9_.:/-]{1,255}";

	private static final int MAX_LENGTH = 255;

	private TensorNames() {
	}

	/// A name as one segment of an RFC 6901 pointer: `/layers.0~1weight`.
	public static String pointer(String name) {
		return '/' + name.replace("/", "~1");
	}

	/// Whether a string can be the name of a tensor.
	public static boolean isValid(String name) {
		if (name.isEmpty() || name.length() > MAX_LENGTH) {
			return false;
		}
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
			if (!alphanumeric && "_.:/-".indexOf(c) < 0) {
				return false;
			}
		}
		return true;
	}

}
