package dev.adagrad.openapi;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.adagrad.problem.Problem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;

import static java.util.Objects.requireNonNull;

/// What operations answer, in the terms of the document.
final class Responses {

	static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

	private static final String PROBLEM_JSON = org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;

	private static final Map<String, String> HEADERS = Map.of("Accept", "The formats that are read here.", "ETag",
			"The version of the session: to be sent as If-Match or If-None-Match. Opaque.", "Idempotency-Replayed",
			"`true` where the step was taken before, under the same key.", "Location", "Where the session is.",
			"Preference-Applied", "`return=minimal` where that was asked for.", "Retry-After",
			"Seconds to wait before sending it again.");

	private Responses() {
	}

	/// One response per status, in ascending order, one example per error.
	/// @param errors what can go wrong
	/// @param path where: what the examples name as their `instance`
	static Map<String, ApiResponse> errors(Set<ErrorExample> errors, String path) {
		Map<String, ApiResponse> responses = new LinkedHashMap<>();
		for (ErrorExample error : new TreeSet<>(errors)) {
			Problem problem = error.problem();
			ApiResponse response = responses.computeIfAbsent(String.valueOf(problem.status().value()),
					(status) -> new ApiResponse().content(new Content().addMediaType(PROBLEM_JSON,
							new MediaType().schema(new Schema<>().$ref("#/components/schemas/Problem")))));
			String line = "`" + problem.code() + "`: " + problem.title() + ".";
			String described = response.getDescription();
			response.setDescription(
					(described == null) ? line : described.contains(line) ? described : described + " " + line);
			mediaType(response.getContent(), PROBLEM_JSON).addExamples(error.id(),
					new Example().summary(error.summary())
						.value(Resources.json(error.resource()).put("instance", path)));
			error.header().ifPresent((name) -> response.addHeaderObject(name, header(name)));
		}
		return responses;
	}

	/// A response header by its name.
	static Header header(String name) {
		return new Header().description(requireNonNull(HEADERS.get(name), name)).schema(new StringSchema());
	}

	static MediaType mediaType(Content content, String name) {
		return requireNonNull(content.get(name), name);
	}

}
