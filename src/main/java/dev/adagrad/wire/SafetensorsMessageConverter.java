package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import dev.adagrad.spool.Spool;
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

	private final SafetensorsMessageReader reader;

	private final SafetensorsMessageWriter writer = new SafetensorsMessageWriter();

	/// @param limits for every request
	/// @param spool where staged numbers go; its files stay open when a message has been
	/// read, and are closed by the scope that they belong to
	public SafetensorsMessageConverter(Limits limits, Spool spool) {
		this.limits = limits;
		this.reader = new SafetensorsMessageReader(spool);
	}

	@Override
	public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
		return MessageType.isMessage(type) && mediaType != null && mediaType.equalsTypeAndSubtype(MEDIA_TYPE)
				&& MessageType.ofAny(type).isReadableFromTensors();
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

	/// Reads a request.
	/// @throws MalformedFileException if the body is not a safetensors file
	/// @throws InvalidFieldException if it is, and yet no such message
	/// @throws WrongDTypeException if a tensor has another dtype than it must have
	/// @throws IndexOutOfRangeException if an index is negative, or beyond 32 bits
	/// @throws java.io.UncheckedIOException if the spool fails
	/// @throws TooLargeException if it is beyond the limits, before a byte is read
	/// where its length is declared
	@Override
	public Message read(Class<? extends Message> type, HttpInputMessage input) throws IOException {
		long contentLength = input.getHeaders().getContentLength();
		this.limits.requireBody(contentLength);
		return read(type, input.getBody(), contentLength);
	}

	@Override
	public Message read(Class<?> type, InputStream body, long contentLength) throws IOException {
		this.limits.requireBody(contentLength);
		return (Message) this.reader.read(MessageType.ofAny(type), body, contentLength, this.limits);
	}

	@Override
	public void write(Message message, @Nullable MediaType contentType, HttpOutputMessage output) throws IOException {
		SafetensorsMessageWriter.File file = this.writer.file(message);
		output.getHeaders().setContentType(MEDIA_TYPE);
		output.getHeaders().setContentLength(file.length());
		file.write(output.getBody());
	}

}
