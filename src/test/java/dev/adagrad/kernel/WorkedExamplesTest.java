package dev.adagrad.kernel;

import java.util.Set;

import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/// The examples that this service started from; they print rounded to three decimals.
class WorkedExamplesTest {

	private static final Offset<Double> THREE_DECIMALS = Offset.offset(0.0005);

	@Test
	void numbers() {
		Tensor parameter = DoubleTensor.of(Shape.scalar(), 1.0);
		StepResult result = Steps.step(Hyperparameters.defaults(), 1, parameter, DoubleTensor.of(Shape.scalar(), 0.1),
				DoubleTensor.of(Shape.scalar(), 1.0), Set.of());
		assertThat(result.parameter().shape()).isEqualTo(Shape.scalar());
		assertThat(result.parameter().valueAt(0)).isCloseTo(0.999, THREE_DECIMALS);
		assertThat(result.G().shape()).isEqualTo(Shape.scalar());
		assertThat(result.G().valueAt(0)).isCloseTo(1.01, THREE_DECIMALS);
	}

	@ParameterizedTest
	@EnumSource
	void fromZero(DType dtype) {
		StepResult result = Steps.step(Hyperparameters.defaults(), 1, Values.vector(dtype, 1, 2, 3),
				Values.vector(dtype, 0.1, 0.2, 0.3), Values.vector(dtype, 0, 0, 0), Set.of());
		assertThat(Values.of(result.parameter())).containsExactly(new double[] { 0.99, 1.99, 2.99 }, THREE_DECIMALS);
		assertThat(Values.of(result.G())).containsExactly(new double[] { 0.01, 0.04, 0.09 }, THREE_DECIMALS);
	}

	@ParameterizedTest
	@EnumSource
	void fromAccumulated(DType dtype) {
		StepResult result = Steps.step(Hyperparameters.defaults(), 1, Values.vector(dtype, 0.5, -0.5, 1.0),
				Values.vector(dtype, 0.5, -0.3, 0.1), Values.vector(dtype, 0.5, 0.25, 0.1), Set.of());
		assertThat(Values.of(result.parameter())).containsExactly(new double[] { 0.494, -0.495, 0.997 },
				THREE_DECIMALS);
		assertThat(Values.of(result.G())).containsExactly(new double[] { 0.75, 0.34, 0.11 }, THREE_DECIMALS);
	}

}
