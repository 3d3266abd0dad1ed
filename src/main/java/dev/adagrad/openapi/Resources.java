package dev.adagrad.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.core.util.Json31;

/// JSON documents from the class path, as the trees that the OpenAPI model takes for examples.
final class Resources {

	private Resources() {
	}

	static ObjectNode json(String name) {
		try (InputStream in = Resources.class.getResourceAsStream(name)) {
			if (in == null) {
				throw new IllegalArgumentException("no resource " + name);
			}
			return Json31.mapper().readValue(in, ObjectNode.class);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(name, ex);
		}
	}

}
