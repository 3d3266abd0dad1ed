package dev.adagrad.access;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CorsPropertiesTest {

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
