package dev.adagrad.trace;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/// Lets Spring Boot configure what makes and exports spans, if calls are traced. Otherwise it would make a tracer, a queue
/// and a thread for it, even with nobody to send to.
///
/// The rest of what Boot's starter brings is left out in any case: logs over OTLP, and a span for each of Micrometer's
/// observations.
class TracingImports implements AutoConfigurationImportFilter, EnvironmentAware {

	private static final List<String> OPTIONAL = List.of("org.springframework.boot.opentelemetry.",
			"org.springframework.boot.micrometer.tracing.");

	private static final Set<String> NEEDED = Set.of(
			"org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration",
			"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
			"org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.otlp.OtlpTracingAutoConfiguration");

	private boolean traced;

	@Override
	public void setEnvironment(Environment environment) {
		this.traced = TracingCondition.isMet(environment);
	}

	@Override
	public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			String name = classes[i];
			matches[i] = name == null || !isOptional(name) || (this.traced && NEEDED.contains(name));
		}
		return matches;
	}

	/// Spring also asks for classes that configurations are made of, such as nested ones;
	/// each is as optional as what it belongs to.
	private static boolean isOptional(String name) {
		return name.endsWith("AutoConfiguration") && OPTIONAL.stream().anyMatch(name::startsWith);
	}

}
