package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.adagrad.spool.Spool;
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

	private final JsonMessageReader reader;

	private final JsonMessageWriter writer = new JsonMessageWriter();

	/// @param limits for every request
	/// @param spool where staged numbers go; its files stay open when a message has been
	/// read, and are closed by the scope that they belong to
	public JsonMessageConverter(Limits limits, Spool spool) {
		this.limits = limits;
		this.reader = new JsonMessageReader(spool);
	}

	@Override
	public boolean canRead(Class<?> type, @Nullable MediaType mediaType) {
		return MessageType.isMessage(type) && isJson(mediaType) && MessageType.ofAny(type).isReadable();
	}

	@Override
	public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
		return MessageType.isMessage(type)
				&& (mediaType == null || mediaType.isCompatibleWith(MediaType.APPLICATION_JSON));
	}

	private static boolean isJson(@Nullable MediaType mediaType) {
		if (mediaType == null) {
			return true;
		}
		Charset charset = mediaType.getCharset();
		return mediaType.equalsTypeAndSubtype(MediaType.APPLICATION_JSON) && (charset == null
				|| charset.equals(StandardCharsets.UTF_8) || charset.equals(StandardCharsets.US_ASCII));
	}

	@Override
	public List<MediaType> getSupportedMediaTypes() {
		return List.of(MediaType.APPLICATION_JSON);
	}

	/// Reads a request.
	/// @throws MalformedBodyException if the body is not JSON
	/// @throws InvalidFieldException if it is, and yet no such message
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
		output.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		this.writer.write(message, output.getBody());
	}

}
