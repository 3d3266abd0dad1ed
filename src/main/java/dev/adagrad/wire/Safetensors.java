package dev.adagrad.wire;

import dev.adagrad.tensor.DType;
import org.jspecify.annotations.Nullable;

/// Names of the safetensors format: a file has three parts. The first is the length of the header in bytes, an unsigned
/// 64-bit little-endian number. The second is the header, a JSON object in UTF-8, which may be padded with spaces. The
/// third is the data: each tensor's elements, little-endian and in row-major order, at the place that the header gives.
///
/// ```json
/// {"__metadata__": {"learning_rate": "0.1"}, "grad": {"dtype": "F64", "shape": [3], "data_offsets": [0, 24]}}
/// ```
///
/// @see <a href="https://huggingface.co/docs/safetensors/index#format">safetensors: format</a>
/// @see <a href="https://www.iana.org/assignments/media-types/application/vnd.safetensors">the media type</a>
public final class Safetensors {

	/// The media type.
	public static final String MEDIA_TYPE = "application/vnd.safetensors";

	/// The key of the strings in the header.
	static final String METADATA = "__metadata__";

	/// The key under which libraries write their own name; it has no effect.
	static final String FORMAT = "format";

	/// The key of what belongs to named tensors and is not a tensor, as JSON.
	static final String TENSORS = "tensors";

	static final String DTYPE = "dtype";

	static final String SHAPE = "shape";

	static final String DATA_OFFSETS = "data_offsets";

	/// The dtype of indices: 64-bit integers.
	static final String I64 = "I64";

	/// The dtypes of the other tensors, for a message.
	static final String FLOATING = DType.F64 + " or " + DType.F32;

	/// The number of bytes at the beginning that hold the length of the header.
	static final int LENGTH_BYTES = Long.BYTES;

	private Safetensors() {
	}

	/// Whether a Content-Type is that of a safetensors file, with any parameters.
	public static boolean isMediaType(@Nullable String contentType) {
		if (contentType == null) {
			return false;
		}
		int parameters = contentType.indexOf(';');
		String type = (parameters >= 0) ? contentType.substring(0, parameters) : contentType;
		return type.trim().equalsIgnoreCase(MEDIA_TYPE);
	}

}
