package dev.adagrad.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A tensor that is being made from raw little-endian elements. Positions and counts are in elements.
public sealed interface RawElements {

	/// For a tensor of `size` elements.
	static RawElements of(DType dtype, int size) {
		return switch (dtype) {
			case F64 -> new Doubles(new double[size]);
			case F32 -> new Floats(new float[size]);
		};
	}

	/// Copies `count` elements of `raw`, starting at `from`, to this tensor, starting at
	/// `to`.
	void copy(byte[] raw, int from, int to, int count);

	/// Sets `count` elements, starting at `to`.
	void fill(double value, int to, int count);

	/// The tensor. No more elements may be copied or filled afterwards.
	Tensor tensor();

	/// Copies `count` elements of a tensor, starting at `from`, into raw elements,
	/// starting at `to`.
	static void write(Tensor tensor, int from, byte[] raw, int to, int count) {
		put(tensor, from, littleEndian(raw).position(to * tensor.dtype().bytes()), count);
	}

	/// Puts `count` elements of a tensor, starting at `from`, into a buffer, in the
	/// buffer's byte order.
	static void put(Tensor tensor, int from, ByteBuffer buffer, int count) {
		switch (tensor) {
			case DoubleTensor doubles -> buffer.asDoubleBuffer().put(doubles.values(), from, count);
			case FloatTensor floats -> buffer.asFloatBuffer().put(floats.values(), from, count);
		}
		buffer.position(buffer.position() + count * tensor.dtype().bytes());
	}

	/// Raw elements that all equal `value`.
	static byte[] constant(DType dtype, double value, int count) {
		byte[] raw = new byte[Math.multiplyExact(count, dtype.bytes())];
		ByteBuffer buffer = littleEndian(raw);
		for (int i = 0; i < count; i++) {
			switch (dtype) {
				case F64 -> buffer.putDouble(value);
				case F32 -> buffer.putFloat((float) value);
			}
		}
		return raw;
	}

	private static ByteBuffer littleEndian(byte[] raw) {
		return ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
	}

	/// Elements of F64.
	final class Doubles implements RawElements {

		private final double[] values;

		private Doubles(double[] values) {
			this.values = values;
		}

		@Override
		public void copy(byte[] raw, int from, int to, int count) {
			littleEndian(raw).asDoubleBuffer().get(from, this.values, to, count);
		}

		@Override
		public void fill(double value, int to, int count) {
			Arrays.fill(this.values, to, to + count, value);
		}

		@Override
		public Tensor tensor() {
			// only finite elements have been stored
			return DoubleTensor.proved(Shape.vector(this.values.length), this.values);
		}

	}

	/// Elements of F32.
	final class Floats implements RawElements {

		private final float[] values;

		private Floats(float[] values) {
			this.values = values;
		}

		@Override
		public void copy(byte[] raw, int from, int to, int count) {
			littleEndian(raw).asFloatBuffer().get(from, this.values, to, count);
		}

		@Override
		public void fill(double value, int to, int count) {
			Arrays.fill(this.values, to, to + count, (float) value);
		}

		@Override
		public Tensor tensor() {
			return FloatTensor.proved(Shape.vector(this.values.length), this.values);
		}

	}

}
