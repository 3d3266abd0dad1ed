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
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A setting of this service, from the metadata that the build makes of the records for settings.
///
/// @param name such as `adagrad.store.kind`
/// @param allowed the allowed values, if they are names
record Setting(String name, Optional<List<String>> allowed) {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	/// All settings, by their bare names.
	static Map<String, Setting> all() {
		Map<String, Setting> settings = new TreeMap<>();
		try {
			for (URL metadata : Collections.list(Setting.class.getClassLoader().getResources(METADATA))) {
				try (InputStream in = metadata.openStream()) {
					for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
						String name = property.path("name").asString();
						if (name.startsWith("adagrad.")) {
							settings.put(bare(name), new Setting(name, constants(property.path("type").asString(""))));
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

	private static Optional<List<String>> constants(String type) {
		if (!type.startsWith("dev.adagrad.")) {
			return Optional.empty();
		}
		try {
			return Optional.ofNullable(Class.forName(type).getEnumConstants())
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
