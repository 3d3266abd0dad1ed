package dev.adagrad.step;

import dev.adagrad.request.OutcomeCounters;
import dev.adagrad.wire.Safetensors;
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

	private final OutcomeCounters counters;

	StepMetrics(MeterRegistry meters) {
		this.counters = new OutcomeCounters(meters, "adagrad.steps", "Steps by outcome and format of the request",
				"format");
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		if (HttpMethod.POST.matches(request.getMethod())) {
			this.counters.count(request, format(request.getContentType()));
		}
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

}
