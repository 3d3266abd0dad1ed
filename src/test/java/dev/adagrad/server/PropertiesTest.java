package dev.adagrad.server;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/// Settings that cannot be meant stop the start, and name the setting and the value.
class PropertiesTest {

	@ParameterizedTest
	@CsvSource({ "0B, 1, 0B, max-request-size", "-5MB, 1, 0B, max-request-size", "1TB, 1, 0B, max-request-size",
			"1MB, 0, 0B, max-elements", "1MB, -1, 0B, max-elements", "1MB, 2147483647, 0B, max-elements",
			"1MB, 1, -1B, max-inflight" })
	void limitsOutOfTheirRange(String maxRequestSize, int maxElements, String maxInflight, String setting) {
		assertThatIllegalArgumentException().isThrownBy(
				() -> new LimitsProperties(DataSize.parse(maxRequestSize), maxElements, DataSize.parse(maxInflight)))
			.withMessageContaining("adagrad.limits." + setting)
			.withMessageContaining("was ");
	}

	@Test
	void aQuarterOfTheHeapIsForBodies() {
		DataSize inflight = new LimitsProperties(DataSize.ofMegabytes(1), 1, DataSize.ofBytes(0)).maxInflight();
		assertThat(inflight.toBytes()).isEqualTo(Runtime.getRuntime().maxMemory() / 4);
	}

	@Test
	void theSpoolIsWhereTemporaryFilesAre() {
		assertThat(new SpoolProperties("").path()).isEqualTo(System.getProperty("java.io.tmpdir"));
		assertThat(new SpoolProperties("some/where").path()).isEqualTo("some/where");
		assertThatIllegalArgumentException().isThrownBy(() -> new SpoolProperties("a\0b"))
			.withMessageContaining("adagrad.spool.path");
	}

	@ParameterizedTest
	@ValueSource(strings = { "garbage", "example.org", "https://*.example.org/", "https://example.org/path", "" })
	void whatIsNoOrigin(String origin) {
		assertThatIllegalArgumentException().isThrownBy(() -> new CorsProperties(List.of(origin)))
			.withMessageContaining("adagrad.cors.allowed-origins")
			.withMessageEndingWith("was " + origin);
	}

	@Test
	void origins() {
		List<String> origins = List.of("*", "https://example.org", "http://localhost:3000", "http://[::1]:8080");
		assertThat(new CorsProperties(origins).allowedOrigins()).isEqualTo(origins);
	}

}
