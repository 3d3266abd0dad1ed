package dev.adagrad.session;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Optional;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;

/// Digests of tensors: equal exactly where dtype, size and all elements are, bit for bit (so −0 is not 0), whether the
/// elements were given one by one or as one value for all.
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

	/// Adds a tensor to a digest: its elements, little-endian.
	static void update(MessageDigest digest, Tensor tensor) {
		ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
		int perBuffer = BUFFER_BYTES / tensor.dtype().bytes();
		for (int from = 0; from < tensor.size(); from += perBuffer) {
			int count = Math.min(perBuffer, tensor.size() - from);
			switch (tensor) {
				case DoubleTensor doubles -> buffer.asDoubleBuffer().put(doubles.values(), from, count);
				case FloatTensor floats -> buffer.asFloatBuffer().put(floats.values(), from, count);
			}
			digest.update(buffer.array(), 0, count * tensor.dtype().bytes());
		}
	}

	/// Adds indices to a digest.
	static void update(MessageDigest digest, Indices indices) {
		ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(indices.size(), Integer.BYTES));
		buffer.asIntBuffer().put(indices.values());
		digest.update(buffer);
	}

	/// Adds a number to a digest, or that there is none.
	static void update(MessageDigest digest, Optional<Double> number) {
		digest.update(ByteBuffer.allocate(1 + Double.BYTES)
			.put((byte) (number.isPresent() ? 1 : 0))
			.putDouble(number.orElse(0.0))
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
		digest.update(ByteBuffer.allocate(Integer.BYTES + 1 + Long.BYTES)
			.putInt(configuration.size())
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
			update(digest, block);
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
