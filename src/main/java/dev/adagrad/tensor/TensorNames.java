package dev.adagrad.tensor;

import java.util.regex.Pattern;

/// Names of tensors in a model, as the libraries spell them: `layers.0.weight` (torch), `params/Dense_0/kernel` (Flax),
/// `dense/kernel:0` (Keras).
public final class TensorNames {

	/// The regular expression that a name must match.
	public static final String GRAMMAR = "[A-Za-z0-9_.:/-]{1,255}";

	private static final Pattern NAME = Pattern.compile(GRAMMAR);

	private TensorNames() {
	}

	/// A name as one segment of an RFC 6901 pointer: `/layers.0~1weight`.
	public static String pointer(String name) {
		return '/' + name.replace("/", "~1");
	}

	/// Whether a string can be the name of a tensor.
	public static boolean isValid(String name) {
		return NAME.matcher(name).matches();
	}

}
