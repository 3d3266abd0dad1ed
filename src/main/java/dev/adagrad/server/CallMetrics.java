package dev.adagrad.server;

import java.util.Map;
import java.util.function.BiFunction;

import dev.adagrad.request.Outcome;
import dev.adagrad.session.OptimizerId;
import dev.adagrad.wire.Safetensors;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Counts calls by their [Outcome] and one other property, and makes every log line of a call on a session name its
/// optimizer id.
///
/// A request refused before its controller is found (wrong method, Content-Type or Accept) counts only among all HTTP
/// requests. Safe for use by any number of threads.
///
/// @param tag the name of the other property
/// @param value its value for a call
record CallMetrics(Meter.MeterProvider<Counter> counters, String tag,
		BiFunction<HttpServletRequest, HandlerMethod, String> value) implements HandlerInterceptor {

	private static final String OPTIMIZER_ID = "optimizer_id";

	/// Counts stateless steps, by the format of the request.
	static CallMetrics ofSteps(MeterRegistry meters) {
		return new CallMetrics(Counter.builder("adagrad.steps")
			.description("Steps by outcome and format of the request")
			.withRegistry(meters), "format", (request, method) -> format(request.getContentType()));
	}

	/// Counts calls on sessions, by the kind of call.
	static CallMetrics ofSessions(MeterRegistry meters) {
		return new CallMetrics(Counter.builder("adagrad.session.calls")
			.description("Calls on sessions by what was called and what became of it")
			.withRegistry(meters), "call", (request, method) -> method.getMethod().getName());
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path
				&& path.get("id") instanceof String id && OptimizerId.isValid(id)) {
			MDC.put(OPTIMIZER_ID, id);
		}
		return true;
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		MDC.remove(OPTIMIZER_ID);
		if (handler instanceof HandlerMethod method && !HttpMethod.OPTIONS.matches(request.getMethod())) {
			this.counters.withTags("outcome", Outcome.of(request), this.tag, this.value.apply(request, method))
				.increment();
		}
	}

	private static String format(@Nullable String contentType) {
		// a Content-Type that cannot be parsed was refused before
		if (Safetensors.isMediaType(contentType)) {
			return "safetensors";
		}
		boolean json = MediaType.APPLICATION_JSON_VALUE.equals(contentType)
				|| (contentType != null && MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(contentType)));
		return json ? "json" : "other";
	}

}
