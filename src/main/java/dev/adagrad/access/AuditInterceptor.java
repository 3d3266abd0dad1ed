package dev.adagrad.access;

import java.util.Map;
import java.util.Optional;

import dev.adagrad.caller.Caller;
import dev.adagrad.request.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Writes a line for each call that creates, restores, changes or deletes a session, or was to. Steps have none: there
/// are too many, and each is recorded with its session.
@Component
class AuditInterceptor implements HandlerInterceptor, WebMvcConfigurer {

	private final Audit audit;

	AuditInterceptor(Audit audit) {
		this.audit = audit;
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).addPathPatterns("/adagrad/sessions/**");
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception failure) {
		if (handler instanceof HandlerMethod && request.getAttribute(Caller.ATTRIBUTE) instanceof Caller caller) {
			action(request).ifPresent((action) -> this.audit.changed(request, caller, action,
					session(request, response), outcome(request, response)));
		}
	}

	private static Optional<String> action(HttpServletRequest request) {
		String path = String.valueOf(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
		return switch (request.getMethod()) {
			case "POST" -> path.endsWith("/sessions") ? Optional.of("create") : Optional.empty();
			case "PUT" -> Optional.of(path.endsWith("/state") ? "restore" : "create");
			case "PATCH" -> Optional.of("change");
			case "DELETE" -> Optional.of("delete");
			default -> Optional.empty();
		};
	}

	private static String session(HttpServletRequest request, HttpServletResponse response) {
		if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path
				&& path.get("id") instanceof String id) {
			return id;
		}
		String location = response.getHeader(HttpHeaders.LOCATION);
		return (location != null) ? location.substring(location.lastIndexOf('/') + 1) : "";
	}

	private static String outcome(HttpServletRequest request, HttpServletResponse response) {
		boolean repeated = HttpMethod.PUT.matches(request.getMethod()) && response.getStatus() == HttpStatus.OK.value();
		return repeated ? "exists" : Outcome.of(request);
	}

}
