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
		ClientPrefix prefix = new ClientPrefix((contextPath != null) ? contextPath : "",
				server.getForwardHeadersStrategy() == ForwardHeadersStrategy.FRAMEWORK);
		// behind Spring Boot's own, so that it is the innermost and the first to see a
		// refusal
		return (factory) -> factory.addContextCustomizers(
				(context) -> context.getParent().getPipeline().addValve(new ProblemErrorReportValve(json, prefix)));
	}

}
