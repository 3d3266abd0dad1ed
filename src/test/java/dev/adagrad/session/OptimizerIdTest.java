package dev.adagrad.session;

import dev.adagrad.caller.Tenant;

import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// The rule as it is told to clients is the rule that is checked.
class OptimizerIdTest {

	private static final Pattern TOLD = Pattern.compile(OptimizerId.GRAMMAR);

	@Test
	void everyCharacterIsTakenAsItIsTold() {
		for (int c = 0; c <= Character.MAX_VALUE; c++) {
			String character = Character.toString((char) c);
			for (String id : new String[] { character, "a" + character, "a" + character + "b" }) {
				assertThat(OptimizerId.isValid(id)).as(id).isEqualTo(TOLD.matcher(id).matches());
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 127, 128, 129, 100_000 })
	void everyLengthIsTakenAsItIsTold(int length) {
		String id = "a".repeat(length);
		assertThat(OptimizerId.isValid(id)).isEqualTo(TOLD.matcher(id).matches());
	}

	@Test
	void noneBreaksTheRule() {
		assertThat(new OptimizerId(Tenant.DEFAULT, "Run-7_b.1").value()).isEqualTo("Run-7_b.1");
		assertThatIllegalArgumentException().isThrownBy(() -> new OptimizerId(Tenant.DEFAULT, ".hidden"))
			.withMessageContaining(OptimizerId.GRAMMAR);
	}

}
