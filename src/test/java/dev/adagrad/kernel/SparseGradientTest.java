package dev.adagrad.kernel;

import dev.adagrad.tensor.DoubleTensor;
import dev.adagrad.tensor.FloatTensor;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SparseGradientTest {

	/// Each index is that of an element.
	private static SparseGradient of(Indices indices, Tensor values) {
		return SparseGradient.of(indices, values, 1);
	}

	private static Tensor atIndices(SparseGradient sparse, Tensor values) {
		return sparse.atIndices(values, (index, firstPlace,
				place) -> new IllegalStateException("element " + index + ": places " + firstPlace + " and " + place));
	}

	@Test
	void indicesAreDistinctAndAscending() {
		SparseGradient sparse = of(Indices.of(9, 2, 9, 0, 2_000_000_000), DoubleTensor.vector(1, 2, 4, 8, 16));
		assertThat(sparse.indices()).containsExactly(0, 2, 9, 2_000_000_000);
		assertThat(Values.of(sparse.grad())).containsExactly(8, 2, 5, 16);
	}

	@Test
	void sumsAreTakenInTheOrderGivenAndRoundedEach() {
		// 2⁵³ + 1 + 1: from the left each 1 is lost, from the right neither
		assertThat(Values.of(of(Indices.of(0, 0, 0), DoubleTensor.vector(0x1p53, 1, 1)).grad()))
			.containsExactly(0x1p53);
		assertThat(Values.of(of(Indices.of(0, 0, 0), DoubleTensor.vector(1, 1, 0x1p53)).grad()))
			.containsExactly(0x1p53 + 2);
		assertThat(Values.of(of(Indices.of(3, 0, 3), FloatTensor.of(Shape.vector(3), 0x1p24f, 5, 1)).grad()))
			.containsExactly(5, 0x1p24);
	}

	@Test
	void aSumBeyondTheDtypeIsRefusedByTheIndexOfItsElement() {
		NonFiniteResultException ex = catchThrowableOfType(NonFiniteResultException.class,
				() -> of(Indices.of(7, 4, 4), DoubleTensor.vector(1, 1e308, 1e308)));
		assertThat(ex.tensorName()).isEqualTo("grad");
		assertThat(ex.index()).isEqualTo(4);
		assertThat(ex.value()).isInfinite();
		assertThatThrownBy(() -> of(Indices.of(4, 4), FloatTensor.of(Shape.vector(2), 3e38f, 3e38f)))
			.isInstanceOf(NonFiniteResultException.class);
	}

	/// Index and place fit into one number up to 2⁴⁰ elements and 2²³ places; here they
	/// do not, so that ranks stand for the
	/// indices.
	@Test
	void indicesMayHave63Bits() {
		long large = Long.MAX_VALUE;
		SparseGradient sparse = of(Indices.of(large, 1L << 40, large - 1, 3, large, 1L << 40),
				DoubleTensor.vector(1, 2, 4, 8, 16, 32));
		assertThat(sparse.indices()).containsExactly(3, 1L << 40, large - 1, large);
		assertThat(Values.of(sparse.grad())).containsExactly(8, 34, 4, 17);
		SparseGradient one = of(Indices.of(large), DoubleTensor.vector(5));
		assertThat(one.indices()).containsExactly(large);
		// the order in which values are summed is that in which they were given
		assertThat(Values.of(of(Indices.of(large, 0, large, large), DoubleTensor.vector(0x1p53, 0, 1, 1)).grad()))
			.containsExactly(0, 0x1p53);
	}

	@Test
	void whatIsGivenBesideMustAgree() {
		SparseGradient sparse = of(Indices.of(1, 5, 5), DoubleTensor.vector(1, 2, 3));
		assertThat(Values.of(atIndices(sparse, DoubleTensor.vector(20, 10, 10)))).containsExactly(20, 10);
		assertThat(Values.of(atIndices(sparse, FloatTensor.vector(20, 10, 10)))).containsExactly(20, 10);
		assertThatIllegalStateException().isThrownBy(() -> atIndices(sparse, DoubleTensor.vector(20, 10, 11)))
			.withMessage("element 5: places 1 and 2");
	}

	/// As everywhere where values are compared; the first that was given is taken.
	@Test
	void theSignOfAZeroIsNoDisagreement() {
		SparseGradient sparse = of(Indices.of(4, 1, 4, 1), DoubleTensor.vector(1, 2, 3, 4));
		assertThat(Values.bits(atIndices(sparse, DoubleTensor.vector(0.0, -0.0, -0.0, 0.0))))
			.isEqualTo(Values.bits(-0.0, 0.0));
		assertThat(Values.bits(atIndices(sparse, FloatTensor.vector(-0.0f, 0.0f, 0.0f, -0.0f))))
			.isEqualTo(Values.bits(0.0, -0.0));
	}

}
