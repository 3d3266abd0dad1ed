package dev.adagrad.openapi;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

import dev.adagrad.pages.Frame;
import dev.adagrad.pages.Section;
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

/// Changes three things in Swagger UI. It shows the calls in an order in which they can be made, not by paths and
/// methods: a session must be created before it is read, and deleted last. It offers a safetensors file for download,
/// byte for byte; by itself it would show and save any type that it does not know as text. Swagger UI accepts both only
/// as functions, which no property can hold. Its page gets the head and the header of the other pages, and
/// asks for a key only where the service does.
class OrderedSwaggerIndex extends SwaggerIndexPageTransformer {

	/// The operation ids of the calls on sessions, in the order in which they are shown
	/// and can be made.
	static final List<String> ORDER = List.of("putSession", "getSession", "stepSession", "getState", "lookupState",
			"putState", "listSessions", "createSession", "deleteSession");

	private static final String END_OF_HEAD = "</head>";

	private static final String START_OF_BODY = "<body>";

	/// The relative path from Swagger UI to the root of the service.
	private static final String ROOT = "../";

	private static final String DARK_MODE = "<script type=\"module\" src=\"" + ROOT + "ui/api.js\"></script>";

	/// The document names keys even where none is asked for, for clients that are made
	/// from it. Who reads it there need not be asked for one.
	private static final String NO_KEYS = "<link rel=\"stylesheet\" href=\"" + ROOT + "ui/no-keys.css\">\n";

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

	private final Frame frame;

	OrderedSwaggerIndex(Frame frame, SwaggerUiConfigProperties properties, SwaggerUiOAuthProperties oAuthProperties,
			SwaggerWelcomeCommon welcome, ObjectMapperProvider mapper) {
		super(properties, oAuthProperties, welcome, mapper);
		this.frame = frame;
	}

	@Override
	public Resource transform(HttpServletRequest request, Resource resource, ResourceTransformerChain chain)
			throws IOException {
		Resource transformed = super.transform(request, resource, chain);
		return switch (resource.getFilename()) {
			case "swagger-initializer.js" -> replaced(transformed, PLACE, FUNCTIONS);
			case "index.html" -> replaced(
					replaced(transformed, END_OF_HEAD,
							this.frame.head(ROOT) + '\n' + (this.frame.asksForKey() ? "" : NO_KEYS) + DARK_MODE + '\n'
									+ END_OF_HEAD),
					START_OF_BODY, START_OF_BODY + '\n' + this.frame.header(Section.API, ROOT));
			case null, default -> transformed;
		};
	}

	/// @throws IllegalStateException if Swagger UI has changed and no longer has the
	/// place
	private static Resource replaced(Resource resource, String place, String text) throws IOException {
		String content = resource.getContentAsString(StandardCharsets.UTF_8);
		if (!content.contains(place)) {
			throw new IllegalStateException("no " + place + " in " + resource);
		}
		return new TransformedResource(resource, content.replace(place, text).getBytes(StandardCharsets.UTF_8));
	}

}
