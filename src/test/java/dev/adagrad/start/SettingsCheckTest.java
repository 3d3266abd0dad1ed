package dev.adagrad.start;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SettingsCheckTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "adagrad.limits.max-element | Did you mean adagrad.limits.max-elements?",
					"adagrad.limit.maxElements | Did you mean adagrad.limits.max-elements?",
					"adagrad.store.durabilty | Did you mean adagrad.store.durability?",
					"adagrad.session.enabled | Did you mean adagrad.sessions.enabled?",
					"adagrad.cors.allowed-origin[0] | Did you mean adagrad.cors.allowed-origins?",
					"adagrad.xyz | The settings are adagrad.cors.allowed-origins, adagrad.limits.grace, *" })
	void aSettingThatThereIsNotIsRefused(String name, String action) {
		StartException refused = refused(Map.of(name, "1"), Map.of());
		assertThat(refused).hasMessage("There is no setting " + name + ".");
		assertThat(refused.action()).matches(action.replace("?", "\\?").replace("*", ".*"));
	}

	@ParameterizedTest
	@CsvSource({ "ADAGRAD_LIMITS_MAXELEMENT, adagrad.limits.max-elements",
			"ADAGRAD_STORE_DURABILTY, adagrad.store.durability", "ADAGRAD_SPOOL_PATHS, adagrad.spool.path" })
	void aVariableThatIsNearlyASettingIsRefused(String name, String meant) {
		StartException refused = refused(Map.of(), Map.of(name, "1"));
		assertThat(refused).hasMessage("There is no setting " + name + ".");
		assertThat(refused.action()).isEqualTo("Did you mean " + meant + "?");
	}

	@ParameterizedTest
	@CsvSource({ "ADAGRAD_PORT", "ADAGRAD_DB_PASSWORD", "ADAGRAD_PAUSE", "ADAGRAD_SERVICE_HOST",
			"ADAGRAD_STORE_PORT_5432_TCP_ADDR", "ADAGRAD_STORE_PORT", "ADAGRAD_STORE_SERVICE_PORT_HTTP", "ADAGRADX" })
	void aVariableOfAnotherIsLeftAlone(String name) {
		assertThatCode(() -> check(Map.of(), Map.of(name, "tcp://10.0.0.1:5432"))).doesNotThrowAnyException();
	}

	@Test
	void allWaysToWriteASettingAreTaken() {
		assertThatCode(() -> check(
				Map.of("adagrad.limits.maxElements", "5", "adagrad.store.max_size", "2MB",
						"adagrad.cors.allowed-origins[1]", "*", "server.port", "0", "adagrades.x", "1"),
				Map.of("ADAGRAD_LIMITS_MAXINFLIGHT", "1MB", "ADAGRAD_LIMITS_MIN_RATE", "1KB",
						"ADAGRAD_CORS_ALLOWEDORIGINS_0", "*", "ADAGRAD_STORE_KIND", "SQLITE",
						"ADAGRAD_STORE_CHECKATSTART", "Quick")))
			.doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource({ "adagrad.store.kind, postgres, 'sqlite, postgresql', postgresql",
			"adagrad.store.kind, mysql, 'sqlite, postgresql', sqlite",
			"adagrad.store.durability, none, 'fsync, os', os",
			"adagrad.store.check-at-start, fast, 'none, quick, full', none" })
	void aNameIsOneOfThoseAllowed(String setting, String value, String allowed, String meant) {
		StartException refused = refused(Map.of(setting, value), Map.of());
		assertThat(refused)
			.hasMessage("The setting " + setting + " must be one of " + allowed + ", was " + value + ".");
		assertThat(refused.action()).isEqualTo("Write " + setting + "=" + meant + ".");
	}

	@Test
	void postgresqlNeedsADatabase() {
		Map<String, Object> kind = Map.of("adagrad.store.kind", "postgresql");
		StartException refused = refused(kind, Map.of());
		assertThat(refused).hasMessageContaining("spring.datasource.url is missing");
		assertThat(refused.action()).contains("jdbc:postgresql://localhost:5432/adagrad");
		assertThatCode(() -> check(kind, Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://db/adagrad")))
			.doesNotThrowAnyException();
		assertThatCode(() -> check(kind, Map.of("ADAGRAD_SESSIONS_ENABLED", "false"))).doesNotThrowAnyException();
	}

	private static StartException refused(Map<String, Object> properties, Map<String, Object> variables) {
		return catchThrowableOfType(StartException.class, () -> check(properties, variables));
	}

	private static void check(Map<String, Object> properties, Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		environment.getPropertySources().addFirst(new MapPropertySource("given", properties));
		ConfigurationPropertySources.attach(environment);
		new SettingsCheck().postProcessEnvironment(environment, new SpringApplication());
	}

}
