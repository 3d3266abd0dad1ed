package dev.adagrad.tensor;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IndicesTest {

	@Test
	void areAsGiven() {
		long[] given = { 3, 0, 3, Long.MAX_VALUE };
		Indices indices = Indices.of(given);
		assertThat(indices.values()).isSameAs(given);
		assertThat(indices.size()).isEqualTo(4);
	}

	@Test
	void areNotNegative() {
		assertThat(Indices.of().size()).as("of an answer that has none").isZero();
		assertThatIllegalArgumentException().isThrownBy(() -> Indices.of(0, -1)).withMessageContaining("was -1");
	}

}
