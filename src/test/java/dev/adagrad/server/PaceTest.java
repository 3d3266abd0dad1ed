package dev.adagrad.server;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTest {

	@ParameterizedTest
	@CsvSource(textBlock = """
			0,       20000, false
			0,       20001, true
			1000,    21000, false
			1000,    21001, true
			999,     21000, true
			79000,   99001, true
			80000,  100000, false
			9999999, 100000, false
			9999999, 100001, true
			""")
	void graceThenRateThenTheBound(long bytes, long millis, boolean tooSlow) {
		Pace pace = new Pace(1000, Duration.ofSeconds(20), Duration.ofSeconds(100));
		assertThat(pace.isTooSlow(bytes, Duration.ofMillis(millis).toNanos())).isEqualTo(tooSlow);
	}

}
