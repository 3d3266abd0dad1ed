package dev.adagrad.server;

import java.io.IOException;
import java.util.List;

import dev.adagrad.trace.Phase;
import dev.adagrad.wire.Message;
import dev.adagrad.wire.MessageConverter;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;

/// Writes answers as another converter does, as a phase of the call.
///
/// @param converter what writes
/// @param phase what a trace shows of it
record TracedConverter(MessageConverter converter, Phase phase) implements HttpMessageConverter<Message> {

	/// @param format the format of the answers, as a word
	static TracedConverter of(MessageConverter converter, String format) {
		return new TracedConverter(converter, Phase.of("write answer", "adagrad.format", format));
	}

	@Override
	public boolean canRead(Class<?> type, @Nullable MediaType given) {
		return this.converter.canRead(type, given);
	}

	@Override
	public boolean canWrite(Class<?> type, @Nullable MediaType asked) {
		return this.converter.canWrite(type, asked);
	}

	@Override
	public List<MediaType> getSupportedMediaTypes() {
		return this.converter.getSupportedMediaTypes();
	}

	@Override
	public Message read(Class<? extends Message> type, HttpInputMessage input) {
		return this.converter.read(type, input);
	}

	@Override
	public void write(Message message, @Nullable MediaType contentType, HttpOutputMessage output) throws IOException {
		this.phase.run(() -> {
			this.converter.write(message, contentType, output);
			return message;
		});
	}

}
