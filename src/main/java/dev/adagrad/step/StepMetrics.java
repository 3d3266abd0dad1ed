package dev.adagrad.step;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.adagrad.request.Outcome;
import dev.adagrad.wire.Safetensors;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;

/// Counts steps by outcome (`ok`, `client-gone`, or the code of the problem that refused it) and format. What is refused before the
/// step is found (another method, another Content-Type or Accept) is no step and counts among all HTTP requests alone.
@Component
public class StepMetrics implements HandlerInterceptor {

	private final MeterRegistry meters;

	/// As many as there are codes and formats: the registry's own search costs more than
	/// a
	/// short step.
	private final ConcurrentMap<Key, Counter> counters = new ConcurrentHashMap<>();

	StepMetrics(MeterRegistry meters) {
		this.meters = meters;
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		if (!HttpMethod.POST.matches(request.getMethod())) {
			return;
		}
		Object outcome = request.getAttribute(Outcome.ATTRIBUTE);
		this.counters
			.computeIfAbsent(new Key((outcome != null) ? outcome.toString() : "ok", format(request.getContentType())),
					this::counter)
			.increment();
	}

	private Counter counter(Key key) {
		return Counter.builder("adagrad.steps")
			.description("Steps by outcome and format of the request")
			.tag("outcome", key.outcome())
			.tag("format", key.format())
			.register(this.meters);
	}

	private static String format(@Nullable String contentType) {
		// a Content-Type that cannot be parsed is refused before
		if (Safetensors.isMediaType(contentType)) {
			return "safetensors";
		}
		boolean json = MediaType.APPLICATION_JSON_VALUE.equals(contentType)
				|| (contentType != null && MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(contentType)));
		return json ? "json" : "other";
	}

	/// What steps are counted by.
	private record Key(String outcome, String format) {
	}

}
