package dev.adagrad.server;

import jakarta.servlet.DispatcherType;

import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ForwardedHeaderFilter;

/// Believes what a proxy says about how the client sees the service (`Forwarded`, `X-Forwarded-*`), if the operator says
/// that there is a proxy, by `server.forward-headers-strategy=framework`. Otherwise it hides these headers, since anybody
/// can send them and springdoc would believe them. It runs after the filter that refuses headers that cannot be read.
@Component
@FilterRegistration(dispatcherTypes = { DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR },
		order = Ordered.HIGHEST_PRECEDENCE + 2)
class ForwardingFilter extends ForwardedHeaderFilter {

	ForwardingFilter(ServerProperties server) {
		setRemoveOnly(server.getForwardHeadersStrategy() != ForwardHeadersStrategy.FRAMEWORK);
		setRelativeRedirects(true);
	}

}
