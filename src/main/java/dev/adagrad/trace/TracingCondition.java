package dev.adagrad.trace;

import java.net.URI;

import dev.adagrad.start.StartException;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/// Whether calls are traced: if a setting names the collector that gets the spans.
final class TracingCondition implements Condition {

	private static final String OTLP = "management.opentelemetry.tracing.export.otlp.";

	static final String ENDPOINT = OTLP + "endpoint";

	private static final String TRANSPORT = OTLP + "transport";

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return isMet(context.getEnvironment());
	}

	/// @throws StartException if spans cannot be sent as the settings say
	static boolean isMet(Environment environment) {
		String endpoint = environment.getProperty(ENDPOINT);
		if (!StringUtils.hasText(endpoint)
				|| !environment.getProperty("management.tracing.export.enabled", Boolean.class, true)) {
			return false;
		}
		requireHttp(endpoint);
		if (!environment.getProperty(TRANSPORT, "http").equals("http")) {
			throw new StartException("The setting " + TRANSPORT + " must be http: traces are sent in no other way.",
					"Leave it out, and name the port of the collector that takes HTTP, most often 4318.", null);
		}
		return true;
	}

	private static void requireHttp(String endpoint) {
		try {
			URI address = URI.create(endpoint);
			if (("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
					&& address.getHost() != null) {
				return;
			}
			throw new IllegalArgumentException("no address of HTTP");
		}
		catch (IllegalArgumentException ex) {
			throw new StartException("The setting " + ENDPOINT + " must be a URL.",
					"Give it the form http://collector:4318/v1/traces, or leave it out for no traces.", ex);
		}
	}

}
