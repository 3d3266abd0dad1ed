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

/// Messages with tensors as the body of a request or an answer of `application/vnd.safetensors`.
///
/// Nothing of what [SafetensorsMessageReader] throws is wrapped. The answer has a `Content-Length`, and is not flushed.
///
/// Immutable; safe for use by any number of threads.
///
/// @see Safetensors
public final class SafetensorsMessageConverter implements HttpMessageConverter<Message>, MessageFormat {

	private static final MediaType MEDIA_TYPE = MediaType.parseMediaType(Safetensors.MEDIA_TYPE);

	private final Limits limits;

	private final SafetensorsMessageReader reader = new SafetensorsMessageReader();

	private final SafetensorsMessageWriter writer = new SafetensorsMessageWriter();

	/// @param limits for every request
	public SafetensorsMessageConverter(Limits limits) {
		this.limits = limits;
	}

	/// Never: requests are read by [MessageFormat#read], with their room.
	@Override
	public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
		return false;
	}

	@Override
	public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
		return MessageType.isMessage(type) && (mediaType == null || mediaType.isCompatibleWith(MEDIA_TYPE))
				&& MessageType.ofAny(type).isWritableAsTensors();
	}

	@Override
	public List<MediaType> getSupportedMediaTypes() {
		return List.of(MEDIA_TYPE);
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
		SafetensorsMessageWriter.File file = this.writer.file(message);
		output.getHeaders().setContentType(MEDIA_TYPE);
		output.getHeaders().setContentLength(file.length());
		file.write(output.getBody());
	}

}
