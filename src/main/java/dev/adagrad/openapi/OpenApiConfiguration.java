package dev.adagrad.openapi;

import java.util.ArrayList;
import java.util.List;

import dev.adagrad.problem.Problem;
import io.swagger.v3.oas.models.ExternalDocumentation;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.tags.Tag;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.ServerBaseUrlCustomizer;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.properties.SwaggerUiOAuthProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.ui.SwaggerIndexTransformer;
import org.springdoc.webmvc.ui.SwaggerWelcomeCommon;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServletServerHttpRequest;

/// The frame of the OpenAPI document: what the service is, under which licence, and that nobody need log in.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

	private final boolean sessions;

	/// @param sessions whether there are any
	OpenApiConfiguration(@Value("${adagrad.sessions.enabled:true}") boolean sessions) {
		this.sessions = sessions;
	}

	@Bean
	OpenAPI openApi(BuildProperties build) {
		return new OpenAPI()
			.info(new Info().title("AdaGrad over HTTP")
				.version(build.getVersion())
				.summary("The AdaGrad optimizer as a service.")
				.description(Texts.introduction(this.sessions))
				.license(new License().name("Apache-2.0").identifier("Apache-2.0")))
			.externalDocs(new ExternalDocumentation()
				.description("Duchi, Hazan, Singer: Adaptive Subgradient Methods for Online Learning and Stochastic "
						+ "Optimization, JMLR 12 (2011)")
				.url("https://jmlr.org/papers/v12/duchi11a.html"))
			.tags(List.of(new Tag().name("step")
				.description("Stateless steps: everything in the request, everything in the answer.")))
			.security(List.of());
	}

	/// This server, by the path under which the client sees it: a proxy may have another
	/// scheme, host and port, and a prefix.
	@Bean
	ServerBaseUrlCustomizer pathOfThisServer() {
		return (url, request) -> {
			String prefix = (request instanceof ServletServerHttpRequest servlet)
					? servlet.getServletRequest().getContextPath() : "";
			return prefix.isEmpty() ? "/" : prefix;
		};
	}

	@Bean
	OpenApiCustomizer documentation() {
		List<OpenApiCustomizer> parts = new ArrayList<>(List.of(new TensorSchemas(),
				new ProblemSchema(Problem.answered(this.sessions)), new StepDocumentation()));
		if (this.sessions) {
			parts.add(new SessionDocumentation());
		}
		parts.add(new SafetensorsSchema(this.sessions));
		return (document) -> parts.forEach((part) -> part.customise(document));
	}

	@Bean
	SwaggerIndexTransformer swaggerIndexTransformer(SwaggerUiConfigProperties properties,
			SwaggerUiOAuthProperties oAuthProperties, SwaggerWelcomeCommon welcome, ObjectMapperProvider mapper) {
		return new OrderedSwaggerIndex(properties, oAuthProperties, welcome, mapper);
	}

}
