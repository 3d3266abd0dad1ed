package dev.adagrad.server;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Settings that cannot be meant stop the start, and name the setting and the value.
class PropertiesTest {

	@ParameterizedTest
	@CsvSource({ "max-request-size, 0B", "max-request-size, -1B", "max-request-size, 1TB", "max-elements, 0",
			"max-elements, -1", "max-elements, 2147483647", "max-inflight, -1B", "max-inflight-per-client, -1B",
			"min-rate, 0B", "grace, 0s", "grace, -1s", "request-timeout, 0s" })
	void limitsOutOfTheirRange(String setting, String value) {
		assertThatThrownBy(() -> limits(Map.of("adagrad.limits." + setting, value))).rootCause()
			.isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("adagrad.limits." + setting)
			.hasMessageContaining("was ");
	}

	@Test
	void halfOfWhatTheHeapHasForRequestsIsForThem() {
		long heap = Runtime.getRuntime().maxMemory();
		LimitsProperties limits = limits(Map.of());
		assertThat(limits.maxInflight().toBytes()).isEqualTo((heap - (48 << 20)) / 2);
		assertThat(limits.maxInflightPerClient().toBytes()).isEqualTo(limits.maxInflight().toBytes() / 4 * 3);
	}

	/// The defaults, but for one setting.
	static LimitsProperties limits(String setting, String value) {
		return limits(Map.of("adagrad.limits." + setting, value));
	}

	/// The defaults, but for some settings.
	static LimitsProperties limits(Map<String, String> settings) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("adagrad.limits",
				LimitsProperties.class);
	}

	@Test
	void theSpoolIsWhereTemporaryFilesAre() {
		assertThat(spool(Map.of()).path()).isEqualTo(System.getProperty("java.io.tmpdir"));
		assertThat(spool(Map.of("adagrad.spool.path", "some/where")).path()).isEqualTo("some/where");
	}

	@ParameterizedTest
	@CsvSource({ "max-size, -1B", "max-size-per-client, -1B" })
	void noSuchSpool(String setting, String value) {
		assertThatThrownBy(() -> spool(Map.of("adagrad.spool." + setting, value))).rootCause()
			.isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("adagrad.spool." + setting);
	}

	@Test
	void noSuchFolder() {
		DataSize size = DataSize.ofBytes(0);
		assertThatIllegalArgumentException().isThrownBy(() -> new SpoolProperties("a\0b", size, size))
			.withMessageContaining("adagrad.spool.path");
	}

	private static SpoolProperties spool(Map<String, String> settings) {
		return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("adagrad.spool",
				SpoolProperties.class);
	}

}
