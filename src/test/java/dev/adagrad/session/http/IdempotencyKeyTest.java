package dev.adagrad.session.http;

import java.util.List;

import dev.adagrad.refusal.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IdempotencyKeyTest {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'',
			value = { "abc, abc", "'\"abc\"', abc", "' abc ', abc", "a b, a b", "'\"a\\\\b\\\"c\"', 'a\\b\"c'",
					"a\\b, a\\b", "'a,b', 'a,b'", "'\" \"', ' '",
					"8e03978e-40d5-43dd-bc93-6894a57f9324, 8e03978e-40d5-43dd-bc93-6894a57f9324" })
	void quotedAndBareAreOneKey(String header, String key) {
		assertThat(IdempotencyKey.parse(List.of(header))).contains(new IdempotencyKey(key));
	}

	@Test
	void upTo255CharactersAreOne() {
		assertThat(IdempotencyKey.parse(List.of("k".repeat(255)))).isPresent();
		assertThat(IdempotencyKey.parse(List.of('"' + "k".repeat(255) + '"'))).isPresent();
		assertThat(IdempotencyKey.parse(List.of())).isEmpty();
		assertThat(IdempotencyKey.parse(List.of('"' + "\\\"".repeat(255) + '"'))).isPresent();
		for (String tooLong : List.of("k".repeat(256), '"' + "k".repeat(256) + '"', '"' + "\\\"".repeat(256) + '"',
				"k".repeat(100_000), '"' + "k".repeat(100_000) + '"', '"' + "\\\"".repeat(50_000) + '"')) {
			assertThatThrownBy(() -> IdempotencyKey.parse(List.of(tooLong))).isInstanceOf(Refusal.class);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\"\"", "\"a", "a\"", "a\"b", "\"a\"b\"", "\"a\\nb\"", "é", "\"é\"", "a\tb",
			"\"a\";p" })
	void whatBreaksTheGrammarIsRefused(String header) {
		assertThatThrownBy(() -> IdempotencyKey.parse(List.of(header))).isInstanceOf(Refusal.class)
			.hasMessageStartingWith("Idempotency-Key must have 1 to 255 characters");
	}

	@Test
	void twoLinesAreRefused() {
		assertThatThrownBy(() -> IdempotencyKey.parse(List.of("a", "a"))).isInstanceOf(Refusal.class)
			.hasMessage("Idempotency-Key must stand only once");
	}

	/// Stores remember it for as long as a session lives: printf 'step 1' | sha256sum.
	@Test
	void whatIsKeptOfAKeyIsItsDigest() {
		assertThat(new IdempotencyKey("step 1").digest())
			.hasToString("9a2deff46ae163a6c486098a08b796b7f8d506fb0a25eeec025f306b33b79aeb");
	}

}
