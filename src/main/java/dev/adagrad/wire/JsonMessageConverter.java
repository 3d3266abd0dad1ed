package dev.adagrad.wire;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;

/// `application/json`, in UTF-8: a request in another `charset` has an unsupported media type. A server may still
/// count a short answer and send its `Content-Length`.
public final class JsonMessageConverter extends MessageConverter {

	private final JsonMessageWriter writer = new JsonMessageWriter();

	/// @param limits the limits of every request
	public JsonMessageConverter(Limits limits) {
		super(MediaType.APPLICATION_JSON, limits, new JsonMessageReader()::read);
	}

	@Override
	public void write(Message message, @Nullable MediaType contentType, HttpOutputMessage output) throws IOException {
		output.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		this.writer.write(message, output.getBody());
	}

}
