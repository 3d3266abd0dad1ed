package dev.adagrad.server;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.core.type.AnnotatedTypeMetadata;

/// Where the management endpoints have a port of their own (`management.server.port`), they have threads of their own too:
/// Tomcat's, of the operating system, which gives them a processor whatever the requests of the other port compute.
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@Conditional(ManagementThreads.InChildContext.class)
class ManagementThreads {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> threadsOfTheSystem() {
		// last, so that the virtual threads of Spring Boot do not replace them
		return new RequestConfiguration.Customizer(Ordered.LOWEST_PRECEDENCE,
				(factory) -> factory.addProtocolHandlerCustomizers((protocol) -> protocol.setExecutor(null)));
	}

	/// The context of the service itself, which finds this class too, has no parent.
	static final class InChildContext implements Condition {

		@Override
		public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
			return context.getBeanFactory() != null && context.getBeanFactory().getParentBeanFactory() != null;
		}

	}

}
