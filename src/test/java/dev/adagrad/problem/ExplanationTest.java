package dev.adagrad.problem;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;

import dev.adagrad.refusal.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

class ExplanationTest {

	@Test
	void thereIsOneForEachCodeAndNoOther() throws IOException {
		try (InputStream in = Explanation.class.getResourceAsStream("/problems.yaml")) {
			Map<String, Map<String, String>> texts = new Yaml().load(in);
			assertThat(texts.keySet()).containsExactlyElementsOf(Arrays.stream(Code.values()).map(Code::code).toList());
			assertThat(texts.values()).allSatisfy((text) -> assertThat(text).containsOnlyKeys("meaning", "remedy"));
		}
	}

	@ParameterizedTest
	@EnumSource(Code.class)
	void eachEndsWhereASentenceDoes(Code code) {
		Explanation explanation = Explanation.of(code);
		assertThat(explanation.meaning()).endsWith(".");
		assertThat(explanation.remedy()).endsWith(".");
	}

}
