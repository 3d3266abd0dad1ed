package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;

import dev.adagrad.spool.Room;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;

/// `application/json`, in UTF-8: a request in another `charset` is of a media type that is not supported. A server may
/// still count a short answer and send its `Content-Length`.
public final class JsonMessageConverter extends MessageConverter {

	private final JsonMessageReader reader = new JsonMessageReader();

	private final JsonMessageWriter writer = new JsonMessageWriter();

	/// @param limits for every request
	public JsonMessageConverter(Limits limits) {
		super(MediaType.APPLICATION_JSON, limits);
	}

	@Override
	Object read(MessageType<?> type, InputStream body, long contentLength, Limits limits, Room room)
			throws IOException {
		return this.reader.read(type, body, contentLength, limits, room);
	}

	@Override
	public void write(Message message, @Nullable MediaType contentType, HttpOutputMessage output) throws IOException {
		output.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		this.writer.write(message, output.getBody());
	}

}
