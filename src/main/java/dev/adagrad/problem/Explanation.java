package dev.adagrad.problem;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;

import dev.adagrad.refusal.Code;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/// What `problems.yaml` says about a code, in plain text.
///
/// @param meaning what happened
/// @param remedy what to do about it
record Explanation(String meaning, String remedy) {

	private static final Map<Code, Explanation> ALL = all();

	static Explanation of(Code code) {
		return Objects.requireNonNull(ALL.get(code));
	}

	private static Map<Code, Explanation> all() {
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(new ClassPathResource("problems.yaml"));
		Properties texts = Objects.requireNonNull(yaml.getObject());
		return Arrays.stream(Code.values())
			.collect(Collectors.toUnmodifiableMap((code) -> code,
					(code) -> new Explanation(text(texts, code.code() + ".meaning"),
							text(texts, code.code() + ".remedy"))));
	}

	private static String text(Properties texts, String key) {
		return Objects.requireNonNull(texts.getProperty(key), () -> "problems.yaml has no " + key);
	}

}
