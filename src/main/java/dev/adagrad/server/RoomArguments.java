package dev.adagrad.server;

import dev.adagrad.spool.Room;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Resolves arguments of type [Room]: that of the request.
class RoomArguments implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Room.class;
	}

	@Override
	public Room resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
			NativeWebRequest webRequest, @Nullable WebDataBinderFactory binderFactory) {
		if (!(webRequest.getNativeRequest() instanceof HttpServletRequest request)) {
			throw new IllegalStateException("no request over HTTP");
		}
		return RequestRoom.of(request);
	}

}
