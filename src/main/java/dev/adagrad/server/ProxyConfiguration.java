package dev.adagrad.server;

import jakarta.servlet.DispatcherType;

import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.filter.ForwardedHeaderFilter;

/// Believes what a proxy says of how the client sees the service (`Forwarded`, `X-Forwarded-*`), where the operator says
/// that there is one, by `server.forward-headers-strategy=framework`; hides it else, since anybody can say so, and springdoc
/// would believe them. The filter is Spring's, behind the one that refuses what cannot be read.
@Configuration(proxyBeanMethods = false)
class ProxyConfiguration {

	@Bean
	FilterRegistrationBean<ForwardedHeaderFilter> forwardedHeaderFilter(ServerProperties server) {
		ForwardedHeaderFilter filter = new ForwardedHeaderFilter();
		filter.setRemoveOnly(server.getForwardHeadersStrategy() != ForwardHeadersStrategy.FRAMEWORK);
		filter.setRelativeRedirects(true);
		FilterRegistrationBean<ForwardedHeaderFilter> registration = new FilterRegistrationBean<>(filter);
		registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
		return registration;
	}

}
