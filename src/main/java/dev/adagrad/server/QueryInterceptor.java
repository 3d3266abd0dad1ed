package dev.adagrad.server;

import java.util.ArrayList;
import java.util.List;

import dev.adagrad.caller.Caller;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.refusal.Suggestion;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses a query parameter that a call does not know: a client that sends `?learning_rate=0.1` believes that it has
/// an effect.
///
/// A controller knows the parameters that it marks with `@RequestParam`, and the components of a record that it takes
/// without an annotation.
final class QueryInterceptor implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		if (request.getQueryString() != null && handler instanceof HandlerMethod method) {
			List<String> known = known(method);
			for (String name : request.getParameterMap().keySet()) {
				if (!known.contains(name)) {
					throw Refusal.of(Code.INVALID_FIELD, unknown(name, known, request));
				}
			}
		}
		return true;
	}

	private static List<String> known(HandlerMethod method) {
		List<String> names = new ArrayList<>();
		for (MethodParameter parameter : method.getMethodParameters()) {
			if (parameter.hasParameterAnnotation(RequestParam.class)) {
				names.add(parameter.getParameter().getName());
			}
			else if (parameter.getParameterAnnotations().length == 0 && parameter.getParameterType().isRecord()
					&& parameter.getParameterType() != Caller.class) {
				for (var component : parameter.getParameterType().getRecordComponents()) {
					names.add(component.getName());
				}
			}
		}
		return names;
	}

	private static String unknown(String name, List<String> known, HttpServletRequest request) {
		String what = request.getMethod() + " " + request.getRequestURI();
		String rule = known.isEmpty() ? what + " takes no query parameters: what it needs stands in its body or headers"
				: Suggestion.of(name, known).map((hint) -> hint + " ").orElse("") + what + " takes "
						+ String.join(", ", known);
		return "there is no query parameter " + Excerpt.cut(name, Excerpt.VALUE) + "; " + rule;
	}

}
