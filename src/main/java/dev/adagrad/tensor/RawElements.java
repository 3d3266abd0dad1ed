package dev.adagrad.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A tensor that is being made from raw little-endian elements. Positions and counts are in elements.
public final class RawElements {

	private final Tensor tensor;

	private RawElements(Tensor tensor) {
		this.tensor = tensor;
	}

	/// For a tensor of `size` elements.
	public static RawElements of(DType dtype, int size) {
		// only finite elements have been stored
		return new RawElements(switch (dtype) {
			case F64 -> DoubleTensor.proved(Shape.vector(size), new double[size]);
			case F32 -> FloatTensor.proved(Shape.vector(size), new float[size]);
		});
	}

	/// Copies `count` elements of `raw`, starting at `from`, to this tensor, starting at
	/// `to`.
	public void copy(byte[] raw, int from, int to, int count) {
		switch (this.tensor) {
			case DoubleTensor doubles -> littleEndian(raw).asDoubleBuffer().get(from, doubles.values(), to, count);
			case FloatTensor floats -> littleEndian(raw).asFloatBuffer().get(from, floats.values(), to, count);
		}
	}

	/// Sets `count` elements, starting at `to`.
	public void fill(double value, int to, int count) {
		switch (this.tensor) {
			case DoubleTensor doubles -> Arrays.fill(doubles.values(), to, to + count, value);
			case FloatTensor floats -> Arrays.fill(floats.values(), to, to + count, (float) value);
		}
	}

	/// The tensor. No more elements may be copied or filled afterwards.
	public Tensor tensor() {
		return this.tensor;
	}

	/// Copies `count` elements of a tensor, starting at `from`, into raw elements,
	/// starting at `to`.
	public static void write(Tensor tensor, int from, byte[] raw, int to, int count) {
		put(tensor, from, littleEndian(raw).position(to * tensor.dtype().bytes()), count);
	}

	/// Puts `count` elements of a tensor, starting at `from`, into a buffer, in the
	/// buffer's byte order.
	public static void put(Tensor tensor, int from, ByteBuffer buffer, int count) {
		switch (tensor) {
			case DoubleTensor doubles -> buffer.asDoubleBuffer().put(doubles.values(), from, count);
			case FloatTensor floats -> buffer.asFloatBuffer().put(floats.values(), from, count);
		}
		buffer.position(buffer.position() + count * tensor.dtype().bytes());
	}

	private static ByteBuffer littleEndian(byte[] raw) {
		return ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
	}

}
