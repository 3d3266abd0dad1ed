package dev.adagrad.openapi;

import java.util.stream.Stream;

import dev.adagrad.wire.Safetensors;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OpenApiCustomizer;

/// What a safetensors file holds, wherever one is taken or given. springdoc has the schema of the JSON form there, which
/// the bytes of a file do not fit.
class SafetensorsSchema implements OpenApiCustomizer {

	private static final String NAME = "SafetensorsFile";

	private final String description;

	/// @param sessions whether there are any
	SafetensorsSchema(boolean sessions) {
		this.description = Texts.file(sessions);
	}

	@Override
	public void customise(OpenAPI document) {
		// OpenAPI 3.1 has no format for bytes any more; pages that show a file chooser
		// and
		// generators of clients go by that of 3.0
		Schema<?> file = new StringSchema().format("binary").description(this.description);
		file.setContentMediaType(Safetensors.MEDIA_TYPE);
		document.getComponents().addSchemas(NAME, file);
		document.getPaths()
			.values()
			.stream()
			.flatMap((path) -> path.readOperations().stream())
			.flatMap(SafetensorsSchema::contents)
			.forEach(SafetensorsSchema::describe);
	}

	private static Stream<Content> contents(Operation operation) {
		Stream<Content> request = Stream.ofNullable(operation.getRequestBody())
			.flatMap((body) -> Stream.ofNullable(body.getContent()));
		Stream<Content> responses = operation.getResponses()
			.values()
			.stream()
			.map(ApiResponse::getContent)
			.flatMap(Stream::ofNullable);
		return Stream.concat(request, responses);
	}

	private static void describe(Content content) {
		if (content.containsKey(Safetensors.MEDIA_TYPE)) {
			// another one: springdoc has the same object for JSON, with its examples
			content.addMediaType(Safetensors.MEDIA_TYPE,
					new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + NAME)));
		}
	}

}
