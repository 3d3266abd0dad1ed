package dev.adagrad.session.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.adagrad.spool.CountedRoom;
import dev.adagrad.wire.JsonMessageConverter;
import dev.adagrad.wire.Limits;

import static dev.adagrad.Json.json;

/// Requests as clients write them.
final class Requests {

	private static final JsonMessageConverter CONVERTER = new JsonMessageConverter(
			new Limits(1 << 20, 1 << 16, Limits.LARGEST_SESSION));

	private Requests() {
	}

	/// A request to create a session, from JSON in single quotes.
	static CreateSessionRequest create(String text) {
		byte[] body = json(text).getBytes(StandardCharsets.UTF_8);
		CountedRoom room = new CountedRoom(() -> {
			throw new IOException("so little stays in memory");
		});
		try {
			return (CreateSessionRequest) CONVERTER.read(CreateSessionRequest.class, new ByteArrayInputStream(body),
					body.length, room);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
