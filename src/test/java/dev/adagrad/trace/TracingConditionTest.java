package dev.adagrad.trace;

import dev.adagrad.start.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TracingConditionTest {

	private static final String COLLECTOR = "http://collector:4318/v1/traces";

	private final MockEnvironment settings = new MockEnvironment();

	private boolean traced() {
		return TracingCondition.isMet(this.settings);
	}

	@Test
	void oneSettingTurnsTracesOn() {
		assertThat(traced()).isFalse();
		this.settings.setProperty(TracingCondition.ENDPOINT, "");
		assertThat(traced()).isFalse();
		this.settings.setProperty(TracingCondition.ENDPOINT, COLLECTOR);
		assertThat(traced()).isTrue();
		this.settings.setProperty("management.tracing.export.enabled", "false");
		assertThat(traced()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "collector:4318", "collector", "/v1/traces", "grpc://collector:4317", "http://", "http: //x" })
	void anAddressIsAUrl(String address) {
		this.settings.setProperty(TracingCondition.ENDPOINT, address);
		assertThatThrownBy(this::traced).isInstanceOf(StartException.class)
			.hasMessage("The setting " + TracingCondition.ENDPOINT + " must be a URL.");
	}

	@Test
	void tracesAreSentOverHttp() {
		this.settings.setProperty(TracingCondition.ENDPOINT, COLLECTOR);
		this.settings.setProperty("management.opentelemetry.tracing.export.otlp.transport", "grpc");
		assertThatThrownBy(this::traced).isInstanceOf(StartException.class).hasMessageContaining("must be http");
	}

}
