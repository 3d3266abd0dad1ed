package dev.adagrad.kernel;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Tensor;

/// Tensors from and to doubles, whatever their dtype.
final class Values {

	private Values() {
	}

	static Tensor vector(DType dtype, double... values) {
		return switch (dtype) {
			case F64 -> DoubleTensor.vector(values.clone());
			case F32 -> {
				float[] floats = new float[values.length];
				for (int i = 0; i < floats.length; i++) {
					floats[i] = (float) values[i];
				}
				yield FloatTensor.vector(floats);
			}
		};
	}

	static double[] of(Tensor tensor) {
		double[] values = new double[tensor.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = tensor.valueAt(i);
		}
		return values;
	}

	/// As bits, so that −0 is not 0.
	static long[] bits(double... values) {
		long[] bits = new long[values.length];
		for (int i = 0; i < bits.length; i++) {
			bits[i] = Double.doubleToRawLongBits(values[i]);
		}
		return bits;
	}

	static long[] bits(Tensor tensor) {
		return bits(of(tensor));
	}

	/// The unit in the last place of a value, in a dtype.
	static double ulp(DType dtype, double value) {
		return switch (dtype) {
			case F64 -> Math.ulp(value);
			case F32 -> Math.ulp((float) value);
		};
	}

}
