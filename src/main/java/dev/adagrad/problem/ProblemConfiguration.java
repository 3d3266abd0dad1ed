package dev.adagrad.problem;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;

/// Installs the classes that write the refusals of Tomcat, Actuator and Spring.
@Configuration(proxyBeanMethods = false)
class ProblemConfiguration implements WebMvcConfigurer {

	/// Makes [ProblemAdvice] also write the refusals of handlers that are not controller
	/// methods, such as the redirect of `/`.
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
		ClientPrefix prefix = new ClientPrefix((contextPath != null) ? contextPath : "",
				server.getForwardHeadersStrategy() == ForwardHeadersStrategy.FRAMEWORK);
		// after Spring Boot's own valve, so that ours is the innermost and the first to
		// see a refusal
		return (factory) -> factory.addContextCustomizers(
				(context) -> context.getParent().getPipeline().addValve(new ProblemErrorReportValve(json, prefix)));
	}

}
