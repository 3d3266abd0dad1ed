package dev.adagrad.session;

import java.util.List;

import dev.adagrad.request.MalformedHeaderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Preconditions as RFC 9110, 13.1 has them, and the bare step of our own.
class EntityTagsTest {

	private static final Version VERSION = new Version(41, "5eed");

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'',
			value = { "'\"41-5eed\"', true", "'\"41\"', true", "*, true", "'\"40-5eed\", \"41-5eed\"', true",
					"'\"40\",\"41\"', true", "',, \"41\" ,', true", "'\"40-5eed\"', false", "'\"41-dead\"', false",
					"'\"041\"', false", "'\"4\"', false", "'W/\"41-5eed\"', false", "'W/\"41\"', false",
					"'\"éÿ\", \"41\"', true", "'\"\"', false", "'\"a,b\", \"41\"', true", "'\"a,\", \"b\"', false" })
	void ifMatchTakesTagsAndBareSteps(String value, boolean allowed) {
		assertThat(EntityTags.parse("If-Match", List.of(value)).allow(VERSION)).isEqualTo(allowed);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', value = { "'\"41-5eed\"', true", "'W/\"41-5eed\"', true", "*, true",
			"'\"40\", W/\"41-5eed\"', true", "'\"41\"', false", "'\"41-dead\"', false" })
	void ifNoneMatchComparesWeakly(String value, boolean named) {
		assertThat(EntityTags.parse("If-None-Match", List.of(value)).name(VERSION)).isEqualTo(named);
	}

	@Test
	void manyLinesAreOneList() {
		assertThat(EntityTags.parse("If-Match", List.of("\"1\"", "\"41\"")).allow(VERSION)).isTrue();
	}

	@Test
	void absentAllowsAllAndNamesNone() {
		EntityTags absent = EntityTags.parse("If-Match", List.of());
		assertThat(absent.allow(VERSION)).isTrue();
		assertThat(absent.name(VERSION)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "41", "41-5eed", "\"41", "41\"", "\"41\" \"42\"", "*, \"41\"", "\"41\", *", "", " ", ",",
			"w/\"41\"", "W/ \"41\"", "\"4 1\"", "'41'", "\"41\";q=1" })
	void whatIsNotQuotedIsRefused(String value) {
		assertThatThrownBy(() -> EntityTags.parse("If-Match", List.of(value)))
			.isInstanceOf(MalformedHeaderException.class)
			.hasMessageStartingWith("If-Match must be * or a list of entity tags in double quotes");
	}

}
