package dev.adagrad.wire;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;

/// `application/vnd.safetensors`, for messages with tensors. The answer has a `Content-Length`.
///
/// @see Safetensors
public final class SafetensorsMessageConverter extends MessageConverter {

	private static final MediaType MEDIA_TYPE = MediaType.parseMediaType(Safetensors.MEDIA_TYPE);

	private final SafetensorsMessageWriter writer = new SafetensorsMessageWriter();

	/// @param limits the limits of every request
	public SafetensorsMessageConverter(Limits limits) {
		super(MEDIA_TYPE, limits, new SafetensorsMessageReader()::read);
	}

	@Override
	public boolean canWrite(Class<?> type, @Nullable MediaType asked) {
		return super.canWrite(type, asked) && MessageType.ofAny(type).isWritableAsTensors();
	}

	@Override
	public void write(Message message, @Nullable MediaType contentType, HttpOutputMessage output) throws IOException {
		SafetensorsMessageWriter.File file = this.writer.file(message);
		output.getHeaders().setContentType(MEDIA_TYPE);
		output.getHeaders().setContentLength(file.length());
		file.write(output.getBody());
	}

}
