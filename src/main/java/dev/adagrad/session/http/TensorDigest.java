package dev.adagrad.session.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

import dev.adagrad.session.Configuration;
import dev.adagrad.session.Initial;
import dev.adagrad.session.Sha256;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;

/// Digests of tensors. Those of what a session starts from are equal exactly where dtype, size and all elements are, bit
/// for bit (so −0 is not 0), whether the elements were given one by one or as one value for all. Those of what a step was
/// sent are equal where the values are: −0 is 0, since a client that writes its request once more may lose the sign.
final class TensorDigest {

	private static final int BUFFER_BYTES = 8 * 1024;

	private TensorDigest() {
	}

	/// The digest of what a session starts from.
	static Sha256 of(Configuration configuration, Initial G, Optional<Initial> parameter) {
		MessageDigest both = Sha256.algorithm();
		both.update(of(configuration, G).toBytes());
		parameter.ifPresent((initial) -> both.update(of(configuration, initial).toBytes()));
		return Sha256.of(both);
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

	/// Adds indices to a digest: in 32 bits where each fits, as releases did that had no
	/// others, so that their keys are known again; else a mark, and 64 bits.
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

	/// Adds the value of a number to a digest, or that there is none; −0 is 0.
	static void updateValue(MessageDigest digest, Optional<Double> number) {
		digest.update(ByteBuffer.allocate(1 + Double.BYTES)
			.put((byte) (number.isPresent() ? 1 : 0))
			.putDouble(number.orElse(0.0) + 0.0)
			.flip());
	}

	private static Sha256 of(Configuration configuration, Initial initial) {
		return switch (initial) {
			case Initial.Constant(double value) -> ofConstant(configuration, value);
			case Initial.Given(Blocks<Tensor> blocks) -> ofBlocks(configuration, blocks);
		};
	}

	private static Sha256 ofConstant(Configuration configuration, double value) {
		MessageDigest digest = Sha256.algorithm();
		long size = configuration.size();
		// in 32 bits where it fits, as releases did that knew no more
		ByteBuffer length = (size <= Integer.MAX_VALUE) ? ByteBuffer.allocate(Integer.BYTES).putInt((int) size)
				: ByteBuffer.allocate(Long.BYTES).putLong(size);
		digest.update(length.flip());
		digest.update(ByteBuffer.allocate(1 + Long.BYTES)
			.put((byte) configuration.dtype().bytes())
			.putLong(Double.doubleToRawLongBits(value))
			.flip());
		return Sha256.of(digest);
	}

	private static Sha256 ofBlocks(Configuration configuration, Blocks<Tensor> blocks) {
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
			return ofConstant(configuration, first.valueAt(0));
		}
		digest.update((byte) configuration.dtype().bytes());
		return Sha256.of(digest);
	}

}
