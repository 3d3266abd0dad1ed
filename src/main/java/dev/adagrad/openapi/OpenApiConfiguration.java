package dev.adagrad.openapi;

import java.util.List;

import io.swagger.v3.oas.models.ExternalDocumentation;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import org.springdoc.core.customizers.OpenApiCustomizer;

import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The frame of the OpenAPI document: what the service is, under which licence, and that nobody need log in.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

	static final String STEP_TAG = "step";

	@Bean
	OpenAPI openApi(BuildProperties build) {
		return new OpenAPI()
			.info(new Info().title("AdaGrad over HTTP")
				.version(build.getVersion())
				.summary("The AdaGrad optimizer as a service.")
				.description(Texts.INTRODUCTION)
				.license(new License().name("Apache-2.0").identifier("Apache-2.0")))
			.externalDocs(new ExternalDocumentation()
				.description("Duchi, Hazan, Singer: Adaptive Subgradient Methods for Online Learning and Stochastic "
						+ "Optimization, JMLR 12 (2011)")
				.url("https://jmlr.org/papers/v12/duchi11a.html"))
			.servers(List.of(new Server().url("/").description("This server")))
			.tags(List.of(new Tag().name(STEP_TAG)
				.description("Stateless steps: everything in the request, everything in the answer.")))
			.security(List.of());
	}

	@Bean
	OpenApiCustomizer tensorSchemas() {
		return new TensorSchemas();
	}

	@Bean
	OpenApiCustomizer stepDocumentation() {
		return new StepDocumentation();
	}

}
