package dev.adagrad.openapi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

import dev.adagrad.wire.Safetensors;
import jakarta.servlet.http.HttpServletRequest;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.properties.SwaggerUiOAuthProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.ui.SwaggerIndexPageTransformer;
import org.springdoc.webmvc.ui.SwaggerWelcomeCommon;

import org.springframework.core.io.Resource;
import org.springframework.web.servlet.resource.ResourceTransformerChain;
import org.springframework.web.servlet.resource.TransformedResource;

/// Has Swagger UI show the calls in an order in which they can be made, which is not that of paths and methods: a session
/// must be created before it is read, and deleted last. And has it offer a safetensors file for download, byte for byte:
/// it would show, and save, any type that it does not know as text. Swagger UI takes both as functions only, which no
/// property can hold.
class OrderedSwaggerIndex extends SwaggerIndexPageTransformer {

	/// The calls on sessions in the order in which they are shown and can be made, by
	/// operation id.
	static final List<String> ORDER = List.of("putSession", "getSession", "stepSession", "getState", "lookupState",
			"putState", "listSessions", "createSession", "deleteSession");

	private static final String PLACE = "window.ui = SwaggerUIBundle({";

	private static final String FUNCTIONS = PLACE + """

			operationsSorter: (a, b) => {
			  const place = (operation) => [%s].indexOf(operation.getIn(["operation", "operationId"]));
			  return place(a) - place(b);
			},
			responseInterceptor: (response) => {
			  if (response.headers && response.headers["content-type"] === "%s") {
			    response.headers["content-disposition"] = "attachment; filename=answer.safetensors";
			  }
			  return response;
			},""".formatted(ORDER.stream().map((id) -> '"' + id + '"').collect(Collectors.joining(", ")),
			Safetensors.MEDIA_TYPE);

	OrderedSwaggerIndex(SwaggerUiConfigProperties properties, SwaggerUiOAuthProperties oAuthProperties,
			SwaggerWelcomeCommon welcome, ObjectMapperProvider mapper) {
		super(properties, oAuthProperties, welcome, mapper);
	}

	@Override
	public Resource transform(HttpServletRequest request, Resource resource, ResourceTransformerChain chain)
			throws IOException {
		Resource transformed = super.transform(request, resource, chain);
		if (!"swagger-initializer.js".equals(resource.getFilename())) {
			return transformed;
		}
		String script = transformed.getContentAsString(StandardCharsets.UTF_8);
		return new TransformedResource(transformed, script.replace(PLACE, FUNCTIONS).getBytes(StandardCharsets.UTF_8));
	}

}
