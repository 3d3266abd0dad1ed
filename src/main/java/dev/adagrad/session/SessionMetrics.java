package dev.adagrad.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.adagrad.request.Outcome;
import io.micrometer.core.instrument.Counter;
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

	private final MeterRegistry meters;

	/// As many as there are calls and codes: the registry's own search is slower.
	private final ConcurrentMap<Key, Counter> counters = new ConcurrentHashMap<>();

	SessionMetrics(MeterRegistry meters) {
		this.meters = meters;
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
		if (!(handler instanceof HandlerMethod method)) {
			return;
		}
		Object outcome = request.getAttribute(Outcome.ATTRIBUTE);
		this.counters
			.computeIfAbsent(new Key(method.getMethod().getName(), (outcome != null) ? outcome.toString() : "ok"),
					this::counter)
			.increment();
	}

	private Counter counter(Key key) {
		return Counter.builder("adagrad.session.calls")
			.description("Calls on sessions by what was called and what became of it")
			.tag("call", key.call())
			.tag("outcome", key.outcome())
			.register(this.meters);
	}

	/// What calls are counted by.
	private record Key(String call, String outcome) {
	}

}
