package dev.adagrad.tensor;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ShapeTest {

	@Test
	void sizeIsTheProductOfTheDimensions() {
		assertThat(Shape.scalar().size()).isEqualTo(1);
		assertThat(Shape.vector(7).size()).isEqualTo(7);
		assertThat(new Shape(List.of(2, 3, 4)).size()).isEqualTo(24);
		assertThat(new Shape(List.of(3, 0)).size()).isZero();
		assertThat(new Shape(List.of(1 << 15, 1 << 15)).size()).isEqualTo(1 << 30);
	}

	@Test
	void onlyRankZeroIsAScalar() {
		assertThat(Shape.scalar().isScalar()).isTrue();
		assertThat(Shape.vector(1).isScalar()).isFalse();
		assertThat(new Shape(List.of())).isEqualTo(Shape.scalar());
		assertThat(new Shape(List.of(1))).isEqualTo(Shape.vector(1)).isNotEqualTo(Shape.scalar());
	}

	@Test
	void refusesANegativeDimension() {
		assertThatIllegalArgumentException().isThrownBy(() -> Shape.vector(-1))
			.withMessage("a dimension must be >= 0, was -1");
		assertThatIllegalArgumentException().isThrownBy(() -> new Shape(List.of(-2, -2)));
	}

	@Test
	void refusesASizeBeyondInt() {
		assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> new Shape(List.of(1 << 16, 1 << 15)));
		assertThatExceptionOfType(ArithmeticException.class)
			.isThrownBy(() -> new Shape(List.of(Integer.MAX_VALUE, Integer.MAX_VALUE)));
	}

	@Test
	void keepsItsDimensions() {
		List<Integer> dimensions = new ArrayList<>(List.of(2, 3));
		Shape shape = new Shape(dimensions);
		dimensions.set(0, 9);
		assertThat(shape.dimensions()).containsExactly(2, 3);
	}

}
