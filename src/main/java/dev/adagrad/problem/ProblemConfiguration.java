package dev.adagrad.problem;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Puts what writes the refusals of Tomcat and of Actuator where they are made.
@Configuration(proxyBeanMethods = false)
class ProblemConfiguration {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemErrorReportValve(JsonMapper json) {
		return new ValveCustomizer(json);
	}

	@Bean
	FilterRegistrationBean<UnreadableHeaderFilter> unreadableHeaderFilter(JsonMapper json) {
		FilterRegistrationBean<UnreadableHeaderFilter> registration = new FilterRegistrationBean<>(
				new UnreadableHeaderFilter(json));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		return registration;
	}

	@Bean
	FilterRegistrationBean<EmptyRefusalFilter> emptyRefusalFilter(WebEndpointProperties actuator) {
		FilterRegistrationBean<EmptyRefusalFilter> registration = new FilterRegistrationBean<>(
				new EmptyRefusalFilter());
		registration.addUrlPatterns(actuator.getBasePath() + "/*");
		return registration;
	}

	/// Last, so that the valve is the innermost and the first to see a refusal.
	private record ValveCustomizer(
			JsonMapper json) implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

		@Override
		public void customize(TomcatServletWebServerFactory factory) {
			factory.addContextCustomizers(
					(context) -> context.getParent().getPipeline().addValve(new ProblemErrorReportValve(this.json)));
		}

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

	}

}
