package dev.adagrad.start;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.adagrad.refusal.Suggestion;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.CommandLinePropertySource;
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

	/// What one tenant has instead of a quota of all: its name stands in between.
	private static final Pattern OF_TENANT = Pattern
		.compile("(?i)(adagrad[._]quotas[._])tenants(?:\\[[^]]*]|[._][^._]+)[._](.+)");

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
			if (source instanceof CommandLinePropertySource<?> line) {
				requireNone(line.getProperty(CommandLinePropertySource.DEFAULT_NON_OPTION_ARGS_PROPERTY_NAME));
			}
			if (source instanceof EnumerablePropertySource<?> named) {
				boolean variables = source.getName()
					.equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
				Arrays.stream(named.getPropertyNames())
					.filter((name) -> isOurs(name, variables))
					.forEach((name) -> check(name, variables, environment));
			}
		}
		if (environment.getProperty("adagrad.store.kind", "").equalsIgnoreCase("postgresql")
				&& environment.getProperty("adagrad.sessions.enabled", Boolean.class, true)) {
			requireDatabase(environment.getProperty("spring.datasource.url", ""));
		}
	}

	/// @param url is not repeated: it may hold a password
	private static void requireDatabase(String url) {
		if (!url.startsWith("jdbc:")) {
			throw new StartException(
					"adagrad.store.kind=postgresql needs to know which database: spring.datasource.url "
							+ (url.isBlank() ? "is missing." : "does not begin with jdbc:postgresql://."),
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
		Matcher tenant = OF_TENANT.matcher(name);
		boolean ofTenant = tenant.matches();
		String common = ofTenant ? tenant.group(1) + tenant.group(2) : ELEMENT.matcher(name).replaceAll("");
		Setting setting = this.settings.get(Setting.bare(common));
		if (setting != null) {
			requireValue(setting, ofTenant ? name : setting.name(), environment);
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

	private static void requireValue(Setting setting, String name, ConfigurableEnvironment environment) {
		String value = environment.getProperty(name, "");
		setting.fault(value).ifPresent((needed) -> {
			throw new StartException(
					"The setting " + name + " must be " + needed + ", was " + (value.isEmpty() ? "empty" : value) + ".",
					"Correct " + name + ", or leave it out for its default.", null);
		});
	}

	/// The service takes settings and nothing else: what begins with one dash, or with
	/// none, would be ignored.
	private static void requireNone(@Nullable String arguments) {
		if (arguments != null && !arguments.isEmpty()) {
			throw new StartException("The command line has arguments that are no settings: " + arguments + ".",
					"Write a setting with two dashes and an equals sign, such as --server.port=9000.", null);
		}
	}

}
