package dev.adagrad.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.spool.Room;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpInputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;

/// Messages as the bodies of requests and answers in one format. Spring writes answers with it. Our own code reads
/// requests, with their room, which Spring does not know. Exceptions of a reader are not wrapped. Answers are not
/// flushed.
///
/// Immutable; safe for use by any number of threads.
public abstract sealed class MessageConverter implements HttpMessageConverter<Message>
		permits JsonMessageConverter, SafetensorsMessageConverter {

	private final MediaType mediaType;

	private final Limits limits;

	private final Reader reader;

	MessageConverter(MediaType mediaType, Limits limits, Reader reader) {
		this.mediaType = mediaType;
		this.limits = limits;
		this.reader = reader;
	}

	/// Reads a request, to the end of the stream, which is not closed.
	/// @param type the type of the message: a record that can be read
	/// @param contentLength the expected number of bytes, or −1 if unknown
	/// @param room the room for what is read; files that the message needs stay open in
	/// it
	/// @throws Refusal if there is no room; if the body is not in this format, or is no
	/// such message; if it is beyond the limits, which is found before a byte is read if
	/// the length is declared
	/// @throws java.io.UncheckedIOException if the spool fails
	/// @throws IllegalArgumentException if no message can be read as `type` in this
	/// format
	public Message read(Class<?> type, InputStream body, long contentLength, Room room) throws IOException {
		if (contentLength > this.limits.maxRequestBytes()) {
			throw Refusal.tooLarge("the body", this.limits.maxRequestBytes(), "bytes");
		}
		return this.reader.read(MessageType.ofAny(type), body, contentLength, this.limits, room);
	}

	@Override
	public final boolean canRead(Class<?> type, @Nullable MediaType given) {
		return false;
	}

	@Override
	public final Message read(Class<? extends Message> type, HttpInputMessage input) {
		throw new UnsupportedOperationException("a message is read with the room of its request");
	}

	@Override
	public boolean canWrite(Class<?> type, @Nullable MediaType asked) {
		return MessageType.isMessage(type) && (asked == null || asked.isCompatibleWith(this.mediaType));
	}

	@Override
	public final List<MediaType> getSupportedMediaTypes() {
		return List.of(this.mediaType);
	}

	/// Reads a message of any type.
	interface Reader {

		<T extends Record & Message> T read(MessageType<T> type, InputStream body, long contentLength, Limits limits,
				Room room) throws IOException;

	}

}
