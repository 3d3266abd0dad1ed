package dev.adagrad.tensor;

import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TensorTest {

	@ParameterizedTest
	@ValueSource(doubles = { Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY })
	void refusesWhatIsNotFinite(double bad) {
		assertThatIllegalArgumentException().isThrownBy(() -> DoubleTensor.vector(bad));
		assertThatIllegalArgumentException().isThrownBy(() -> FloatTensor.vector((float) bad));
		for (int i = 0; i < 20; i++) {
			double[] doubles = new double[20];
			doubles[i] = bad;
			assertThatIllegalArgumentException().isThrownBy(() -> DoubleTensor.vector(doubles));
			float[] floats = new float[20];
			floats[i] = (float) bad;
			assertThatIllegalArgumentException().isThrownBy(() -> FloatTensor.vector(floats));
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> DoubleTensor.proved(Shape.vector(1), new double[1], new Bounds(-1, Math.abs(bad))));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> FloatTensor.proved(Shape.vector(1), new float[1], new Bounds(-Math.abs(bad), 1)));
	}

	@Test
	void refusesAnArrayThatDoesNotFillTheShape() {
		assertThatIllegalArgumentException().isThrownBy(() -> DoubleTensor.of(Shape.vector(3), 1, 2))
			.withMessage("a shape of size 3 with 2 values");
		assertThatIllegalArgumentException().isThrownBy(() -> FloatTensor.of(Shape.scalar(), 1, 2))
			.withMessage("a shape of size 1 with 2 values");
		assertThatIllegalArgumentException().isThrownBy(() -> DoubleTensor.proved(Shape.vector(1), new double[2]));
		assertThatIllegalArgumentException().isThrownBy(() -> FloatTensor.proved(Shape.vector(1), new float[2]));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1000 })
	void boundsAreTheSmallestAndTheLargestElement(int size) {
		double[] doubles = new SplittableRandom(size).doubles(size, -1, 1).toArray();
		for (int i = 0; i < size; i++) {
			double kept = doubles[i];
			for (double extreme : new double[] { -5, 5 }) {
				doubles[i] = extreme;
				float[] floats = new float[size];
				double min = doubles[0];
				double max = doubles[0];
				for (int k = 0; k < size; k++) {
					floats[k] = (float) doubles[k];
					min = (doubles[k] < min) ? doubles[k] : min;
					max = (doubles[k] > max) ? doubles[k] : max;
				}
				assertThat(DoubleTensor.vector(doubles).bounds()).isEqualTo(new Bounds(min, max));
				assertThat(FloatTensor.vector(floats).bounds()).isEqualTo(new Bounds((float) min, (float) max));
			}
			doubles[i] = kept;
		}
	}

	@Test
	void boundsTellTheLargestMagnitude() {
		assertThat(new Bounds(-3, 2).maxAbs()).isEqualTo(3);
		assertThat(new Bounds(-1, 2).maxAbs()).isEqualTo(2);
		assertThat(new Bounds(-0.0, -0.0).maxAbs()).isEqualTo(0.0);
		assertThat(new Bounds(-5, -2).maxAbs()).isEqualTo(5);
		assertThat(new Bounds(2, 5).maxAbs()).isEqualTo(5);
	}

	@Test
	void isReadAsItsOwnDtypeOnly() {
		Tensor doubles = DoubleTensor.vector(1);
		Tensor floats = FloatTensor.vector(1);
		assertThat(doubles.as(DType.F64)).isSameAs(doubles);
		assertThat(floats.as(DType.F32)).isSameAs(floats);
		assertThatIllegalArgumentException().isThrownBy(() -> floats.as(DType.F64)).withMessage("is F32, must be F64");
		assertThatIllegalArgumentException().isThrownBy(() -> doubles.as(DType.F32)).withMessage("is F64, must be F32");
	}

	@Test
	void dtypesKnowTheirSizeAndRoundToNearestEven() {
		assertThat(DType.F64.bytes()).isEqualTo(8);
		assertThat(DType.F32.bytes()).isEqualTo(4);
		assertThat(DType.F64.round(0.1)).isEqualTo(0.1);
		assertThat(DType.F32.round(0x1.000001p0)).isEqualTo(1.0);
		assertThat(DType.F32.round(0x1.000003p0)).isEqualTo(0x1.000004p0);
		assertThat(DType.F32.round(0x1.ffffffp127)).isEqualTo(Double.POSITIVE_INFINITY);
		assertThat(DType.F32.round(1e-60)).isEqualTo(0.0);
	}

	@Test
	void anotherShapeHasTheSameElements() {
		Shape column = new Shape(List.of(2, 1));
		for (Tensor tensor : List.of(DoubleTensor.vector(5, -7), FloatTensor.vector(5, -7))) {
			assertThat(tensor.withShape(Shape.vector(2))).isSameAs(tensor);
			Tensor reshaped = tensor.withShape(column);
			assertThat(reshaped.shape()).isEqualTo(column);
			assertThat(new double[] { reshaped.valueAt(0), reshaped.valueAt(1) }).containsExactly(5, -7);
			assertThat(reshaped.bounds()).isEqualTo(new Bounds(-7, 5));
			assertThatIllegalArgumentException().isThrownBy(() -> tensor.withShape(Shape.vector(3)));
		}
	}

	@Test
	void mayHaveNoElements() {
		assertThat(DoubleTensor.vector().size()).isZero();
		assertThat(FloatTensor.vector().size()).isZero();
	}

	/// Eight bytes for each element, up to a MiB.
	@Test
	void whatIsInMemoryIsOneBlock() {
		Blocks<Tensor> whole = Blocks.of(DoubleTensor.vector(1, 2, 3));
		assertThat(whole.size()).isEqualTo(3);
		assertThat(whole).hasSize(1);
		assertThat(whole.bytesAtOnce()).isEqualTo(24);
		assertThat(Blocks.of(DoubleTensor.vector(new double[131_073])).bytesAtOnce()).isEqualTo(1 << 20);
	}

	@Test
	void onlyDecimalsReadAsFloatsAreCopied() {
		Decimals decimals = Decimals.vector(new double[] { 1, 2, 3 }, new int[0], new float[0]);
		assertThat(decimals.bytesOfCopy(DType.F64)).isZero();
		assertThat(decimals.bytesOfCopy(DType.F32)).isEqualTo(12);
		assertThat(DoubleTensor.vector(1, 2, 3).bytesOfCopy(DType.F64)).isZero();
	}

}
