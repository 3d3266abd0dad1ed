package dev.adagrad.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A tensor in the making, from raw little-endian elements. Positions and counts are in elements.
public sealed interface RawElements {

	/// For a tensor of `size` elements.
	static RawElements of(DType dtype, int size) {
		return switch (dtype) {
			case F64 -> new Doubles(new double[size]);
			case F32 -> new Floats(new float[size]);
		};
	}

	/// Copies `count` elements of `raw` from `from` on to `to` on.
	void copy(byte[] raw, int from, int to, int count);

	/// Sets `count` elements from `to` on.
	void fill(double value, int to, int count);

	/// The tensor; nothing may be copied or filled any more.
	Tensor tensor();

	/// Copies `count` elements of a tensor from `from` on into raw elements, `to` on.
	static void write(Tensor tensor, int from, byte[] raw, int to, int count) {
		put(tensor, from, littleEndian(raw).position(to * tensor.dtype().bytes()), count);
	}

	/// Puts `count` elements of a tensor, from `from` on, into a buffer, in its byte
	/// order.
	static void put(Tensor tensor, int from, ByteBuffer buffer, int count) {
		switch (tensor) {
			case DoubleTensor doubles -> buffer.asDoubleBuffer().put(doubles.values(), from, count);
			case FloatTensor floats -> buffer.asFloatBuffer().put(floats.values(), from, count);
		}
		buffer.position(buffer.position() + count * tensor.dtype().bytes());
	}

	/// Raw elements that are all `value`.
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

	/// Of F64.
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

	/// Of F32.
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
