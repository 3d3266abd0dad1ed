package dev.adagrad.session.http;

import java.util.Map;

import dev.adagrad.caller.Caller;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.OptimizerId;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/// Resolves arguments that say who calls: `Caller`, and `@PathVariable OptimizerId`, the id of a session of the caller's
/// tenant that must exist. No session has an id that breaks the rule.
///
/// Spring's own resolver would report such an id as a value that cannot be converted, and makes a data binder for each
/// value.
///
/// Stateless; safe for use by any number of threads.
@Component
final class CallerArguments implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Caller.class || (parameter.hasParameterAnnotation(PathVariable.class)
				&& parameter.getParameterType() == OptimizerId.class);
	}

	/// @throws Refusal if no session can have this id
	@Override
	public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest request, @Nullable WebDataBinderFactory binderFactory) {
		if (!(request.getAttribute(Caller.ATTRIBUTE, RequestAttributes.SCOPE_REQUEST) instanceof Caller caller)) {
			throw new IllegalStateException("nobody has found out who calls");
		}
		if (parameter.getParameterType() == Caller.class) {
			return caller;
		}
		Object path = request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
				RequestAttributes.SCOPE_REQUEST);
		if (path instanceof Map<?, ?> variables && variables.get(parameter.getParameterName()) instanceof String id) {
			if (!OptimizerId.isValid(id)) {
				throw CallRefusals.impossibleId();
			}
			return new OptimizerId(caller.tenant(), id);
		}
		throw new IllegalStateException("the path has no " + parameter.getParameterName());
	}

}
