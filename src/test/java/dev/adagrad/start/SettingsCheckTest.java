package dev.adagrad.start;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class SettingsCheckTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "adagrad.limits.max-element | Did you mean adagrad.limits.max-elements?",
			"adagrad.limit.maxElements | Did you mean adagrad.limits.max-elements?",
			"adagrad.store.durabilty | Did you mean adagrad.store.durability?",
			"adagrad.session.enabled | Did you mean adagrad.sessions.enabled?",
			"adagrad.cors.allowed-origin[0] | Did you mean adagrad.cors.allowed-origins?",
			"adagrad.xyz | The settings are adagrad.access, .*, adagrad.cors.allowed-origins, adagrad.limits.grace, *" })
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
	@CsvSource({ "ADAGRAD_PORT", "ADAGRAD_BIND", "ADAGRAD_MEMORY", "ADAGRAD_DB_PASSWORD", "ADAGRAD_DB_MEMORY",
			"ADAGRAD_PAUSE", "ADAGRAD_KEY", "ADAGRAD_SERVICE_HOST", "ADAGRAD_STORE_PORT_5432_TCP_ADDR",
			"ADAGRAD_STORE_PORT", "ADAGRAD_STORE_SERVICE_PORT_HTTP", "ADAGRADX" })
	void aVariableOfAnotherIsLeftAlone(String name) {
		assertThatCode(() -> check(Map.of(), Map.of(name, "tcp://10.0.0.1:5432"))).doesNotThrowAnyException();
	}

	@Test
	void allWaysToWriteASettingAreTaken() {
		assertThatCode(() -> check(Map.of("adagrad.limits.maxElements", "5", "adagrad.store.max_size", "2MB",
				"adagrad.cors.allowed-origins[1]", "*", "server.port", "0", "adagrades.x", "1",
				"adagrad.quotas.tenants.ci.steps-per-second", "10", "adagrad.quotas.tenants[a.b].sessions", "5"),
				Map.of("ADAGRAD_LIMITS_MAXINFLIGHT", "1MB", "ADAGRAD_LIMITS_MIN_RATE", "1KB",
						"ADAGRAD_CORS_ALLOWEDORIGINS_0", "*", "ADAGRAD_STORE_KIND", "SQLITE",
						"ADAGRAD_STORE_CHECKATSTART", "Quick", "ADAGRAD_QUOTAS_TENANTS_CI_STOREDSIZE", "8KB")))
			.doesNotThrowAnyException();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"adagrad.store.kind | postgres | one of sqlite, postgresql (did you mean \"postgresql\"?), was postgres",
			"adagrad.store.kind | mysql | one of sqlite, postgresql, was mysql",
			"adagrad.store.kind | '' | one of sqlite, postgresql, was empty",
			"adagrad.store.durability | none | one of fsync, os (did you mean \"os\"?), was none",
			"adagrad.store.check-at-start | fast | one of none, quick, full, was fast",
			"adagrad.sessions.enabled | maybe | one of true, false, on, off, was maybe",
			"adagrad.limits.max-elements | many | a whole number up to 2147483647, was many",
			"adagrad.limits.max-elements | 1,000 | a whole number up to 2147483647, was 1,000",
			"adagrad.limits.max-elements | '' | a whole number up to 2147483647, was empty",
			"adagrad.limits.max-elements | 3000000000 | a whole number up to 2147483647, was 3000000000",
			"adagrad.quotas.tenants.ci.sessions | few | a whole number, was few",
			"adagrad.limits.max-session-elements | 2^40 | a whole number, was 2^40",
			"adagrad.store.kind | postgre-sql | one of sqlite, postgresql (did you mean \"postgresql\"?), was postgre-sql",
			"adagrad.limits.max-request-size | 256XB | a size, such as 256MB, was 256XB",
			"adagrad.limits.grace | 20sec | a time, such as 20s or 10m, was 20sec" })
	void aValueIsOfItsKind(String setting, String value, String rule) {
		StartException refused = refused(Map.of(setting, value), Map.of());
		assertThat(refused).hasMessage("The setting " + setting + " must be " + rule + ".");
	}

	@Test
	void aRangeIsToldInASentence() {
		IllegalArgumentException cause = new IllegalArgumentException(
				"adagrad.limits.max-elements must be 1 to 9, was 0");
		FailureAnalysis analysis = new SettingFailureAnalyzer().analyze(new IllegalStateException("bind", cause));
		assertThat(analysis).extracting(FailureAnalysis::getDescription)
			.isEqualTo("The setting adagrad.limits.max-elements must be 1 to 9, was 0.");
		assertThat(new SettingFailureAnalyzer().analyze(new IllegalArgumentException("another"))).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "-adagrad.limits.max-elements=5", "adagrad.limits.max-elements=5", "5" })
	void whatIsNoSettingIsRefused(String argument) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource("--server.port=0", argument));
		assertThat(catchThrowableOfType(StartException.class,
				() -> new SettingsCheck().postProcessEnvironment(environment, new SpringApplication())))
			.hasMessage("The command line has arguments that are no settings: " + argument + ".");
	}

	@Test
	void postgresqlNeedsADatabase() {
		Map<String, Object> kind = Map.of("adagrad.store.kind", "postgresql");
		StartException refused = refused(kind, Map.of());
		assertThat(refused).hasMessageContaining("spring.datasource.url is missing");
		assertThat(refused.action()).contains("jdbc:postgresql://localhost:5432/adagrad");
		assertThat(refused(kind, Map.of("SPRING_DATASOURCE_URL", "postgres://u:secret@db/adagrad")))
			.hasMessageContaining("does not begin with jdbc:postgresql://")
			.hasMessageNotContaining("secret");
		assertThatCode(() -> check(kind, Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://db/adagrad")))
			.doesNotThrowAnyException();
		assertThatCode(() -> check(kind, Map.of("ADAGRAD_SESSIONS_ENABLED", "off"))).doesNotThrowAnyException();
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
