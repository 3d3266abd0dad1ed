package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import dev.adagrad.tensor.DoubleTensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonMessageConverterTest {

	private final JsonMessageConverter converter = new JsonMessageConverter(new Limits(20, 3), Documents.NO_SPOOL);

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "application/json;charset=UTF-8",
			"application/json; charset=\"utf-8\"", "application/json;charset=us-ascii", "application/json;v=1" })
	void readsJson(String mediaType) {
		assertThat(this.converter.canRead(Documents.Everything.class, MediaType.parseMediaType(mediaType))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json;charset=utf-16", "application/json;charset=iso-8859-1", "text/json",
			"application/problem+json", "application/octet-stream", "application/vnd.safetensors" })
	void readsNothingElse(String mediaType) {
		assertThat(this.converter.canRead(Documents.Everything.class, MediaType.parseMediaType(mediaType))).isFalse();
	}

	@Test
	void readsAndWritesMessagesOnly() {
		MediaType json = MediaType.APPLICATION_JSON;
		assertThat(this.converter.canRead(String.class, json)).isFalse();
		assertThat(this.converter.canRead(Message.class, json)).isFalse();
		assertThat(this.converter.canRead(MessageTypeTest.WithTensor.class, json)).isFalse();
		assertThat(this.converter.canRead(Documents.Everything.class, null)).isTrue();
		assertThat(this.converter.canWrite(String.class, json)).isFalse();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, json)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, null)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, MediaType.ALL)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, MediaType.TEXT_PLAIN)).isFalse();
		assertThat(this.converter.getSupportedMediaTypes()).containsExactly(json);
	}

	@Test
	void readsWithinTheLimits() throws IOException {
		assertThat(this.converter.read(Documents.Everything.class, request("{\"step\":7}", 10)))
			.isEqualTo(Documents.read("{\"step\":7}"));
		assertThatExceptionOfType(TooLargeException.class)
			.isThrownBy(() -> this.converter.read(Documents.Everything.class, request("{\"grad\":[1,2,3,4]}", -1)));
		assertThatExceptionOfType(TooLargeException.class)
			.isThrownBy(() -> this.converter.read(Documents.Everything.class, request(" ".repeat(21), -1)));
	}

	@Test
	void aDeclaredLengthBeyondTheLimitIsRefusedUnread() {
		HttpInputMessage request = request(null, 21);
		assertThatExceptionOfType(TooLargeException.class)
			.isThrownBy(() -> this.converter.read(Documents.Everything.class, request));
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
		assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo("{\"tensor\":[1.0,2.0]}");
		assertThat(headers.getFirst(HttpHeaders.CONTENT_TYPE)).isEqualTo("application/json");
	}

	private static HttpInputMessage request(@Nullable String body, long contentLength) {
		HttpHeaders headers = new HttpHeaders();
		if (contentLength >= 0) {
			headers.setContentLength(contentLength);
		}
		return new HttpInputMessage() {
			@Override
			public InputStream getBody() {
				if (body == null) {
					throw new AssertionError("a byte was asked for");
				}
				return new ByteArrayInputStream(Documents.utf8(body));
			}

			@Override
			public HttpHeaders getHeaders() {
				return headers;
			}
		};
	}

}
