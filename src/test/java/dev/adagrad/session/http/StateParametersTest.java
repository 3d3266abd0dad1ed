package dev.adagrad.session.http;

import java.util.stream.Collectors;
import java.util.stream.LongStream;

import dev.adagrad.refusal.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StateParametersTest {

	@Test
	void indicesAreReadInTheirOrder() {
		assertThat(StateParameters.indices("5,1,5,1099511627775").values()).containsExactly(5, 1, 5,
				1_099_511_627_775L);
	}

	@Test
	void indicesMayBeMany() {
		long[] many = LongStream.range(0, 100_000).toArray();
		String text = LongStream.of(many).mapToObj(Long::toString).collect(Collectors.joining(","));
		assertThat(StateParameters.indices(text).values()).containsExactly(many);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", "1,", ",1", "1,,2", "1, 2", "1.0", "+1", "--1", "-", "x", "0x1", "१" })
	void whatIsNoListOfIntegersIsRefused(String value) {
		assertThatThrownBy(() -> StateParameters.indices(value)).isInstanceOf(Refusal.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "-0", "9999999999999999999", "-9223372036854775809", "18446744073709551616" })
	void whatCanBeNoIndexIsRefusedAtItsPlace(String index) {
		assertThatThrownBy(() -> StateParameters.indices("0," + index)).isInstanceOf(Refusal.class)
			.hasMessageContaining("was " + index);
	}

}
