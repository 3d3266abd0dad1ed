package dev.adagrad.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// Which field was probably meant: distances are Levenshtein's, counted by hand.
class UnknownFieldTest {

	/// A third of the longer name may be wrong; of two fields as near the first is named.
	@ParameterizedTest
	@CsvSource({ "ABC-DEG, abcdeg", "abcdeh, abcdef", "abcdegg, abcdeg", "abxyef, abcdef", "stop, step", "sttp, step",
			"steep, step", "soap, step", "schdul, schedule", "scheduled, schedule", "scheduled_of, schedule" })
	void aSlipIsUnderstood(String name, String meant) {
		assertThat(MessageType.of(Near.class).unknown(name)).isEqualTo(
				"is an unknown field; did you mean \"" + meant + "\"? allowed are abcdef, abcdeg, step, schedule");
	}

	@ParameterizedTest
	@CsvSource({ "axyzef", "sche", "soar", "pets", "sch", "''", "kitten" })
	void whatIsFarFromAllIsNot(String name) {
		assertThat(MessageType.of(Near.class).unknown(name))
			.isEqualTo("is an unknown field; allowed are abcdef, abcdeg, step, schedule");
	}

	/// One letter too few is nearer than three wrong ones, and than half of a name.
	@Test
	void theFewestEditsCountFirst() {
		assertThat(MessageType.of(Nearer.class).unknown("pets")).contains("did you mean \"petss\"?");
		assertThat(MessageType.of(Nearer.class).unknown("rate")).contains("did you mean \"rates\"?");
	}

	record Near(@Nullable Long abcdef, @Nullable Long abcdeg, @Nullable Long step,
			@Nullable Long schedule) implements Message {
	}

	record Nearer(@Nullable Long step, @Nullable Long petss, @JsonProperty("rate_schedule") @Nullable Long rateSchedule,
			@Nullable Long rates) implements Message {
	}

}
