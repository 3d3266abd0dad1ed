package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import dev.adagrad.refusal.Code;
import dev.adagrad.tensor.DoubleTensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;

import static dev.adagrad.Json.json;
import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;

class JsonMessageConverterTest {

	private final JsonMessageConverter converter = new JsonMessageConverter(new Limits(20, 3, Limits.LARGEST_SESSION));

	@Test
	void writesMessagesOnly() {
		MediaType json = MediaType.APPLICATION_JSON;
		assertThat(this.converter.canWrite(String.class, json)).isFalse();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, json)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, null)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, MediaType.ALL)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, MediaType.TEXT_PLAIN)).isFalse();
		assertThat(this.converter.getSupportedMediaTypes()).containsExactly(json);
	}

	@Test
	void readsWithinTheLimits() throws IOException {
		assertThat(read(json("{'step':7}"), 10)).isEqualTo(Documents.read(json("{'step':7}")));
		assertThatRefusal(Code.TOO_LARGE, () -> read(json("{'grad':[1,2,3,4]}"), -1));
		assertThatRefusal(Code.TOO_LARGE, () -> read(" ".repeat(21), -1));
	}

	@Test
	void aDeclaredLengthBeyondTheLimitIsRefusedUnread() {
		assertThatRefusal(Code.TOO_LARGE, () -> read(null, 21));
	}

	@Test
	void writesJson() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		HttpHeaders headers = new HttpHeaders();
		this.converter.write(new MessageTypeTest.WithTensor(DoubleTensor.vector(1, 2)), MediaType.ALL,
				new HttpOutputMessage() {
					@Override
					public OutputStream getBody() {
						return body;
					}

					@Override
					public HttpHeaders getHeaders() {
						return headers;
					}
				});
		assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo(json("{'tensor':[1.0,2.0]}"));
		assertThat(headers.getFirst(HttpHeaders.CONTENT_TYPE)).isEqualTo("application/json");
	}

	/// @param body null where asking for a byte is to fail
	private Message read(@Nullable String body, long contentLength) throws IOException {
		InputStream in = new ByteArrayInputStream(Documents.utf8((body != null) ? body : ""));
		if (body == null) {
			in = InputStream.nullInputStream();
			in.close();
		}
		return this.converter.read(Documents.Everything.class, in, contentLength, Documents.NO_SPOOL);
	}

}
