package dev.adagrad.session.http;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.adagrad.caller.Tenant;
import dev.adagrad.kernel.Hyperparameters;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import dev.adagrad.session.Version;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static dev.adagrad.session.store.Fixtures.flat;
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
		assertThatThrownBy(() -> EntityTags.parse("If-Match", List.of(value))).isInstanceOf(Refusal.class)
			.hasMessageStartingWith("If-Match must be * or a list of entity tags in double quotes");
	}

	private static Session session() {
		return new Session(new OptimizerId(Tenant.DEFAULT, "s"), "",
				flat(1, DType.F64, false, Hyperparameters.defaults(), 0, Optional.empty()), List.of(),
				Sha256.ofBytes(new byte[Sha256.BYTES]), VERSION, 0, 0, Instant.EPOCH, Instant.EPOCH, Optional.empty());
	}

	@Test
	void whatIsRuledOutIsRefusedWithTheVersionThatIs() {
		EntityTags other = EntityTags.parse("If-Match", List.of("\"40\""));
		assertThatRefusal(Code.STEP_MISMATCH, () -> other.requireMatch(session()))
			.withMessage("session s is at step 41, which If-Match rules out; nothing was changed")
			.satisfies((ex) -> {
				assertThat(ex.members()).containsEntry("step", 41L);
				assertThat(ex.headers()).containsEntry("ETag", "\"41-5eed\"");
			});
		EntityTags any = EntityTags.parse("If-None-Match", List.of("*"));
		assertThatRefusal(Code.STEP_MISMATCH, () -> any.requireNoMatch(session()))
			.withMessage("session s is at step 41, which If-None-Match rules out; nothing was changed");
		any.requireMatch(session());
		other.requireNoMatch(session());
	}

	/// nginx makes a tag weak, Apache's mod_deflate adds a suffix: then it is not the
	/// step that is wrong.
	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'',
			value = { "'W/\"41-5eed\"', true", "'\"41-5eed-gzip\"', true", "'\"1\", \"41-5eed;br\"', true",
					"'\"41-5eed-x\"', false", "'\"41-5eedgzip\"', false", "'\"40-5eed-gzip\"', false" })
	void aTagThatAProxyHasChangedIsToldAsOne(String value, boolean changed) {
		assertThatRefusal(Code.STEP_MISMATCH,
				() -> EntityTags.parse("If-Match", List.of(value)).requireMatch(session()))
			.satisfies((ex) -> assertThat(ex.getMessage().contains("a proxy has changed its ETag")).isEqualTo(changed));
	}

	@Test
	void preconditionsAreNoneWhereNeitherStands() {
		EntityTags absent = EntityTags.parse("If-Match", List.of());
		EntityTags any = EntityTags.parse("If-Match", List.of("*"));
		assertThat(new Preconditions(absent, absent).areNone()).isTrue();
		assertThat(new Preconditions(any, absent).areNone()).isFalse();
		assertThat(new Preconditions(absent, any).areNone()).isFalse();
	}

}
