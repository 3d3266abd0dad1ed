package dev.adagrad.trace;

import java.net.URI;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.SpanExporters;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Spans of calls, where a collector gets them.
@Configuration(proxyBeanMethods = false)
@Conditional(TracingCondition.class)
class TraceConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(TraceConfiguration.class);

	@Bean
	SpanExporters toldExporters(ObjectProvider<SpanExporter> exporters) {
		return SpanExporters.of(exporters.orderedStream().map(ToldExporter::new).toList());
	}

	/// After the filters that refuse what cannot be read at all.
	@Bean
	FilterRegistrationBean<CallSpanFilter> callSpans(OpenTelemetry telemetry,
			@Value("${" + TracingCondition.ENDPOINT + "}") URI endpoint) {
		// not the rest of the address, which may hold a password
		logger.info("calls are traced; spans go to {}", endpoint.getHost());
		FilterRegistrationBean<CallSpanFilter> registration = new FilterRegistrationBean<>(
				new CallSpanFilter(telemetry));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
		return registration;
	}

}
