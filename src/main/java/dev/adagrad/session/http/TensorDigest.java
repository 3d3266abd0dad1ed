package dev.adagrad.session.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.TensorSpec;
import dev.adagrad.session.Vector;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;

/// Digests of tensors. Two digests of initial values are equal exactly if dtype, size and all elements are equal bit
/// for bit (so −0 is not 0), even if one was given element by element and the other as one value for all. Two digests
/// of what a step was sent are equal if the values are. There −0 is 0, since a client that writes its request again may
/// lose the sign.
final class TensorDigest {

	private static final int BUFFER_BYTES = 8 * 1024;

	private TensorDigest() {
	}

	/// The digest of a session's initial values: that of G and, if it is held, that of
	/// the parameter. For named tensors, each comes after its name.
	static Sha256 of(Configuration configuration, List<Initial> G, Optional<List<Initial>> parameter) {
		MessageDigest all = Sha256.algorithm();
		List<TensorSpec> tensors = configuration.layout().tensors();
		for (int i = 0; i < tensors.size(); i++) {
			TensorSpec tensor = tensors.get(i);
			if (configuration.layout().isNamed()) {
				updateName(all, tensor);
			}
			all.update(of(configuration.dtype(), tensor.size(Vector.G), G.get(i)).toBytes());
			if (parameter.isPresent()) {
				all.update(of(configuration.dtype(), tensor.size(Vector.PARAMETER), parameter.get().get(i)).toBytes());
			}
		}
		return Sha256.of(all);
	}

	/// Adds the name of a tensor to a digest.
	static void updateName(MessageDigest digest, TensorSpec tensor) {
		byte[] name = tensor.name().getBytes(StandardCharsets.US_ASCII);
		digest.update((byte) name.length);
		digest.update(name);
	}

	/// Adds the values of a tensor to a digest, little-endian; −0 is 0.
	static void updateValues(MessageDigest digest, Tensor tensor) {
		update(digest, tensor, true);
	}

	private static void update(MessageDigest digest, Tensor tensor, boolean byValue) {
		ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
		int perBuffer = BUFFER_BYTES / tensor.dtype().bytes();
		for (int from = 0; from < tensor.size(); from += perBuffer) {
			int to = Math.min(from + perBuffer, tensor.size());
			switch (tensor) {
				case DoubleTensor doubles -> {
					double[] elements = Arrays.copyOfRange(doubles.values(), from, to);
					for (int i = 0; byValue && i < elements.length; i++) {
						// −0 + 0 is 0; no other value changes
						elements[i] += 0.0;
					}
					buffer.asDoubleBuffer().put(elements);
				}
				case FloatTensor floats -> {
					float[] elements = Arrays.copyOfRange(floats.values(), from, to);
					for (int i = 0; byValue && i < elements.length; i++) {
						elements[i] += 0.0f;
					}
					buffer.asFloatBuffer().put(elements);
				}
			}
			digest.update(buffer.array(), 0, (to - from) * tensor.dtype().bytes());
		}
	}

	/// Adds indices to a digest. If each fits in 32 bits, it adds them so, as earlier
	/// releases did, which had no larger ones; so their keys are still known. Otherwise
	/// it adds a mark and 64 bits for each.
	static void updateIndices(MessageDigest digest, Indices indices) {
		boolean wide = Arrays.stream(indices.values()).anyMatch((index) -> index > Integer.MAX_VALUE);
		if (wide) {
			digest.update((byte) Long.BYTES);
		}
		ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(indices.size(), wide ? Long.BYTES : Integer.BYTES));
		for (long index : indices.values()) {
			if (wide) {
				buffer.putLong(index);
			}
			else {
				buffer.putInt((int) index);
			}
		}
		digest.update(buffer.flip());
	}

	/// Adds the value of a number to a digest, or that it is absent; −0 is 0.
	static void updateValue(MessageDigest digest, Optional<Double> number) {
		digest.update(ByteBuffer.allocate(1 + Double.BYTES)
			.put((byte) (number.isPresent() ? 1 : 0))
			.putDouble(number.orElse(0.0) + 0.0)
			.flip());
	}

	private static Sha256 of(DType dtype, long size, Initial initial) {
		return switch (initial) {
			case Initial.Constant(double value) -> ofRule(dtype, size, Double.doubleToRawLongBits(value));
			// equal only to itself, since nobody computes 2⁴⁰ elements to compare them
			case Initial.Uniform(double low, double high, long seed) ->
				ofRule(dtype, size, Double.doubleToRawLongBits(low), Double.doubleToRawLongBits(high), seed);
			case Initial.Given(Blocks<Tensor> blocks) -> ofBlocks(dtype, size, blocks);
		};
	}

	private static Sha256 ofRule(DType dtype, long size, long... values) {
		MessageDigest digest = Sha256.algorithm();
		updateSize(digest, size);
		ByteBuffer buffer = ByteBuffer.allocate(1 + values.length * Long.BYTES).put((byte) dtype.bytes());
		LongStream.of(values).forEach(buffer::putLong);
		digest.update(buffer.flip());
		return Sha256.of(digest);
	}

	/// Adds 32 bits if the size fits, as releases did that had no larger sizes.
	private static void updateSize(MessageDigest digest, long size) {
		ByteBuffer length = (size <= Integer.MAX_VALUE) ? ByteBuffer.allocate(Integer.BYTES).putInt((int) size)
				: ByteBuffer.allocate(Long.BYTES).putLong(size);
		digest.update(length.flip());
	}

	private static Sha256 ofBlocks(DType dtype, long size, Blocks<Tensor> blocks) {
		MessageDigest digest = Sha256.algorithm();
		Tensor first = blocks.iterator().next();
		long bits = Double.doubleToRawLongBits(first.valueAt(0));
		boolean constant = true;
		for (Tensor block : blocks) {
			update(digest, block, false);
			for (int i = 0; constant && i < block.size(); i++) {
				constant = Double.doubleToRawLongBits(block.valueAt(i)) == bits;
			}
		}
		if (constant) {
			return ofRule(dtype, size, bits);
		}
		digest.update((byte) dtype.bytes());
		return Sha256.of(digest);
	}

}
