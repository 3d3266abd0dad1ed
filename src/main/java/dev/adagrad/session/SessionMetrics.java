package dev.adagrad.session;

import java.util.Map;

import dev.adagrad.request.OutcomeCounters;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Counts calls on sessions by what was called and what became of it (`ok`, `replayed`, `client-gone`, or the code of the
/// problem that refused it), and has every log line of a call name the optimizer id.
@Component
public class SessionMetrics implements HandlerInterceptor {

	private static final String OPTIMIZER_ID = "optimizer_id";

	private final OutcomeCounters counters;

	SessionMetrics(MeterRegistry meters) {
		this.counters = new OutcomeCounters(meters, "adagrad.session.calls",
				"Calls on sessions by what was called and what became of it", "call");
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
		if (handler instanceof HandlerMethod method) {
			this.counters.count(request, method.getMethod().getName());
		}
	}

}
