package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import dev.adagrad.spool.Room;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;

/// Messages as the body of a request or an answer of `application/json`.
///
/// JSON is UTF-8: a request in another `charset` is of a media type that is not supported. Nothing of what
/// [JsonMessageReader] throws is wrapped. The answer is not flushed, so that a server may still count a short one and
/// send its `Content-Length`.
///
/// Immutable; safe for use by any number of threads.
public final class JsonMessageConverter implements HttpMessageConverter<Message>, MessageFormat {

	private final Limits limits;

	private final JsonMessageReader reader = new JsonMessageReader();

	private final JsonMessageWriter writer = new JsonMessageWriter();

	/// @param limits for every request
	public JsonMessageConverter(Limits limits) {
		this.limits = limits;
	}

	/// Never: requests are read by [MessageFormat#read], with their room.
	@Override
	public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
		return false;
	}

	@Override
	public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
		return MessageType.isMessage(type)
				&& (mediaType == null || mediaType.isCompatibleWith(MediaType.APPLICATION_JSON));
	}

	@Override
	public List<MediaType> getSupportedMediaTypes() {
		return List.of(MediaType.APPLICATION_JSON);
	}

	@Override
	public Message read(Class<? extends Message> type, HttpInputMessage input) {
		throw new UnsupportedOperationException("a message is read with the room of its request");
	}

	@Override
	public Message read(Class<?> type, InputStream body, long contentLength, Room room) throws IOException {
		this.limits.requireBody(contentLength);
		return (Message) this.reader.read(MessageType.ofAny(type), body, contentLength, this.limits, room);
	}

	@Override
	public void write(Message message, @Nullable MediaType contentType, HttpOutputMessage output) throws IOException {
		output.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		this.writer.write(message, output.getBody());
	}

}
