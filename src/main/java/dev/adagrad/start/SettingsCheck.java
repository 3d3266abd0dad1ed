package dev.adagrad.start;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.adagrad.refusal.Suggestion;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Refuses to start with an unknown setting `adagrad.*`, with a name that a setting does not allow, and with
/// `adagrad.store.kind=postgresql` without a database. Spring would ignore the first, and report the others in terms of its
/// own classes.
///
/// Names are compared without case, dots, dashes and underscores, as Spring compares them. Variables in the environment that
/// only look like settings are allowed: those that Kubernetes sets for each service (`ADAGRAD_SERVICE_HOST`), and those of a
/// compose file (`ADAGRAD_PORT`). An unknown variable is refused only if its name is nearly that of a setting.
public final class SettingsCheck implements EnvironmentPostProcessor, Ordered {

	private static final String PREFIX = "adagrad";

	private static final Pattern OF_KUBERNETES = Pattern
		.compile(".*_SERVICE_(HOST|PORT(_.*)?)|.*_PORT(_[0-9]+_(TCP|UDP|SCTP)(_.*)?)?");

	/// An element of a list: `[0]`, and in the environment `_0_` or `_0`.
	private static final Pattern ELEMENT = Pattern.compile("\\[[0-9]+]|_[0-9]+_?$");

	private final Map<String, Setting> settings = Setting.all();

	/// After everything that adds settings.
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	/// @throws StartException if a setting breaks one of these rules
	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> named) {
				boolean variables = source.getName()
					.equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
				Arrays.stream(named.getPropertyNames())
					.filter((name) -> isOurs(name, variables))
					.forEach((name) -> check(name, variables, environment));
			}
		}
		if (is(environment, "adagrad.store.kind", "postgresql") && !is(environment, "adagrad.sessions.enabled", "false")
				&& environment.getProperty("spring.datasource.url", "").isBlank()) {
			throw new StartException(
					"adagrad.store.kind=postgresql needs to know which database: spring.datasource.url is"
							+ " missing.",
					"Set spring.datasource.url, such as jdbc:postgresql://localhost:5432/adagrad,"
							+ " spring.datasource.username and spring.datasource.password.",
					null);
		}
	}

	private static boolean isOurs(String name, boolean variable) {
		return variable ? name.toUpperCase(Locale.ROOT).startsWith("ADAGRAD_") && !OF_KUBERNETES.matcher(name).matches()
				: name.toLowerCase(Locale.ROOT).startsWith(PREFIX + '.');
	}

	private void check(String name, boolean variable, ConfigurableEnvironment environment) {
		Setting setting = this.settings.get(Setting.bare(ELEMENT.matcher(name).replaceAll("")));
		if (setting != null) {
			setting.allowed().ifPresent((allowed) -> requireOneOf(setting.name(), allowed, environment));
			return;
		}
		Optional<String> near = near(name);
		if (!variable || near.isPresent()) {
			String action = near.map((meant) -> "Did you mean " + meant + "?")
				.orElseGet(() -> "The settings are " + String.join(", ", names()) + ".");
			throw new StartException("There is no setting " + name + ".", action, null);
		}
	}

	/// The names are compared without `adagrad`, which all have in common.
	private Optional<String> near(String name) {
		String given = Setting.bare(name).substring(PREFIX.length());
		List<String> known = this.settings.keySet().stream().map((bare) -> bare.substring(PREFIX.length())).toList();
		return Suggestion.nearest(given, known).map((bare) -> this.settings.get(PREFIX + bare)).map(Setting::name);
	}

	private List<String> names() {
		return this.settings.values().stream().map(Setting::name).sorted().toList();
	}

	private static void requireOneOf(String name, List<String> allowed, ConfigurableEnvironment environment) {
		String given = environment.getProperty(name, "");
		if (!given.isEmpty()
				&& allowed.stream().noneMatch((value) -> Setting.bare(value).equals(Setting.bare(given)))) {
			throw new StartException(
					"The setting " + name + " must be one of " + String.join(", ", allowed) + ", was " + given + ".",
					"Write " + name + "=" + Suggestion.nearest(given, allowed).orElse(allowed.getFirst()) + ".", null);
		}
	}

	private static boolean is(ConfigurableEnvironment environment, String name, String value) {
		return environment.getProperty(name, "").equalsIgnoreCase(value);
	}

}
