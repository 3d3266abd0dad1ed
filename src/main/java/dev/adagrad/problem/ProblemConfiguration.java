package dev.adagrad.problem;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;

/// Puts what writes the refusals of Tomcat, of Actuator and of Spring where they are made.
@Configuration(proxyBeanMethods = false)
class ProblemConfiguration implements WebMvcConfigurer {

	/// Has [ProblemAdvice] write the refusals of what is no controller method too, such
	/// as the redirect of `/`.
	@Override
	public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
		for (HandlerExceptionResolver resolver : resolvers) {
			if (resolver instanceof ExceptionHandlerExceptionResolver advice) {
				advice.setMappedHandlerPredicate((handler) -> true);
			}
		}
	}

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemErrorReportValve(JsonMapper json,
			ServerProperties server) {
		String contextPath = server.getServlet().getContextPath();
		return new ValveCustomizer(json, new ClientPrefix((contextPath != null) ? contextPath : "",
				server.getForwardHeadersStrategy() == ForwardHeadersStrategy.FRAMEWORK));
	}

	@Bean
	FilterRegistrationBean<UnreadableHeaderFilter> unreadableHeaderFilter(JsonMapper json) {
		FilterRegistrationBean<UnreadableHeaderFilter> registration = new FilterRegistrationBean<>(
				new UnreadableHeaderFilter(json));
		// within the filters that hold answers back, and that know the client's prefix
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 3);
		return registration;
	}

	@Bean
	@ConditionalOnProperty(name = "server.forward-headers-strategy", havingValue = "framework")
	FilterRegistrationBean<UnreadableForwardingFilter> unreadableForwardingFilter(JsonMapper json) {
		FilterRegistrationBean<UnreadableForwardingFilter> registration = new FilterRegistrationBean<>(
				new UnreadableForwardingFilter(json));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
		return registration;
	}

	/// Last, so that the valve is the innermost and the first to see a refusal.
	private record ValveCustomizer(JsonMapper json,
			ClientPrefix prefix) implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

		@Override
		public void customize(TomcatServletWebServerFactory factory) {
			factory.addContextCustomizers((context) -> context.getParent()
				.getPipeline()
				.addValve(new ProblemErrorReportValve(this.json, this.prefix)));
		}

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

	}

}
