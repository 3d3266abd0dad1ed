package dev.adagrad.session.http;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/// RFC 7240, 2: of a preference that is named twice the first counts.
class PreferencesTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "return=minimal | true", "return=representation | false",
					"return=minimal, return=representation | true", "return=representation, return=minimal | false",
					"wait=10, Return=minimal; a=b | true", "return = \"minimal\" | true", "return=minimally | false",
					"return | false" })
	void theFirstReturnCounts(String line, boolean minimal) {
		assertThat(Preferences.wantMinimal(List.of(line))).isEqualTo(minimal);
	}

	@Test
	void manyLinesAreOneList() {
		assertThat(Preferences.wantMinimal(List.of("return=representation", "return=minimal"))).isFalse();
		assertThat(Preferences.wantMinimal(List.of("wait=1", "return=minimal"))).isTrue();
		assertThat(Preferences.wantMinimal(List.of())).isFalse();
	}

}
