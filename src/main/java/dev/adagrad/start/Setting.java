package dev.adagrad.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.adagrad.refusal.Suggestion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.NumberUtils;
import org.springframework.util.unit.DataSize;

/// A setting of this service, from the metadata that the build makes of the records for settings.
///
/// @param name such as `adagrad.store.kind`
/// @param type the class of its values
record Setting(String name, String type) {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	/// What Spring takes for true or false.
	private static final List<String> TRUTHS = List.of("true", "false", "on", "off", "yes", "no", "1", "0");

	/// The number of values that a message names.
	private static final int MOST_NAMED = 4;

	/// All settings, by their bare names.
	static Map<String, Setting> all() {
		Map<String, Setting> settings = new TreeMap<>();
		try {
			for (URL metadata : Collections.list(Setting.class.getClassLoader().getResources(METADATA))) {
				try (InputStream in = metadata.openStream()) {
					for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
						String name = property.path("name").asString();
						if (name.startsWith("adagrad.")) {
							settings.put(bare(name), new Setting(name, property.path("type").asString("")));
						}
					}
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return settings;
	}

	/// What is wrong with a value, as the end of a sentence; empty if nothing is.
	Optional<String> fault(String value) {
		return switch (this.type) {
			case "java.lang.Integer" ->
				fault("a whole number up to " + Integer.MAX_VALUE, () -> NumberUtils.parseNumber(value, Integer.class));
			case "java.lang.Long" -> fault("a whole number", () -> NumberUtils.parseNumber(value, Long.class));
			case "java.lang.Boolean" -> oneOf(TRUTHS, value);
			case "java.time.Duration" -> fault("a time, such as 20s or 10m", () -> DurationStyle.detectAndParse(value));
			case "org.springframework.util.unit.DataSize" ->
				fault("a size, such as 256MB", () -> DataSize.parse(value));
			default -> constants().flatMap((names) -> oneOf(names, value));
		};
	}

	private static Optional<String> fault(String kind, Supplier<?> parse) {
		try {
			var _ = parse.get();
			return Optional.empty();
		}
		catch (RuntimeException ex) {
			return Optional.of(kind);
		}
	}

	private static Optional<String> oneOf(List<String> names, String value) {
		if (names.stream().anyMatch((name) -> name.equalsIgnoreCase(value))) {
			return Optional.empty();
		}
		String hint = Suggestion.of(value, names).map((text) -> " (" + text + ")").orElse("");
		return Optional.of("one of " + String.join(", ", names.stream().limit(MOST_NAMED).toList()) + hint);
	}

	private Optional<List<String>> constants() {
		if (!this.type.startsWith("dev.adagrad.")) {
			return Optional.empty();
		}
		try {
			return Optional.ofNullable(Class.forName(this.type).getEnumConstants())
				.map((constants) -> Stream.of(constants).map(Object::toString).map(Setting::dashed).toList());
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String dashed(String constant) {
		return constant.toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/// A name as Spring compares it: `adagrad.store.max-size`, `ADAGRAD_STORE_MAXSIZE`
	/// and `ADAGRAD_STORE_MAX_SIZE` are one.
	static String bare(String name) {
		return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
	}

}
