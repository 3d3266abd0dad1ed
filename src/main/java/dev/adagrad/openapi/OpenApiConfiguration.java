package dev.adagrad.openapi;

import java.util.Objects;

import dev.adagrad.pages.Frame;
import io.swagger.v3.oas.models.OpenAPI;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.ServerBaseUrlCustomizer;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.properties.SwaggerUiOAuthProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.ui.SwaggerIndexTransformer;
import org.springdoc.webmvc.ui.SwaggerWelcomeCommon;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.oauth2.jwt.JwtDecoder;

/// The OpenAPI document, and the page that shows it.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

	/// @param sessions whether the service has sessions
	@Bean
	OpenApiCustomizer document(BuildProperties build, @Value("${adagrad.sessions.enabled:true}") boolean sessions,
			ObjectProvider<AuthenticationManager> callers, ObjectProvider<JwtDecoder> tokens) {
		OpenAPI document = ApiDocument.of(Objects.requireNonNullElse(build.getVersion(), ""), sessions,
				Credential.of(callers, tokens));
		return (served) -> served.info(document.getInfo())
			.externalDocs(document.getExternalDocs())
			.tags(document.getTags())
			.paths(document.getPaths())
			.components(document.getComponents());
	}

	/// Names this server by the path under which the client sees it, since a proxy may
	/// have another scheme, host and port, and a prefix.
	@Bean
	ServerBaseUrlCustomizer pathOfThisServer() {
		return (url, request) -> {
			String prefix = (request instanceof ServletServerHttpRequest servlet)
					? servlet.getServletRequest().getContextPath() : "";
			return prefix.isEmpty() ? "/" : prefix;
		};
	}

	@Bean
	SwaggerIndexTransformer swaggerIndexTransformer(Frame frame, SwaggerUiConfigProperties properties,
			SwaggerUiOAuthProperties oAuthProperties, SwaggerWelcomeCommon welcome, ObjectMapperProvider mapper) {
		return new OrderedSwaggerIndex(frame, properties, oAuthProperties, welcome, mapper);
	}

}
