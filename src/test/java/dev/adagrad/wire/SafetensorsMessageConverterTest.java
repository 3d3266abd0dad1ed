package dev.adagrad.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import dev.adagrad.SafetensorsFile;
import dev.adagrad.refusal.Code;
import dev.adagrad.tensor.DoubleTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;

import static dev.adagrad.refusal.RefusalAssertions.assertThatRefusal;
import static org.assertj.core.api.Assertions.assertThat;

class SafetensorsMessageConverterTest {

	private static final MediaType SAFETENSORS = MediaType.parseMediaType("application/vnd.safetensors");

	private final SafetensorsMessageConverter converter = new SafetensorsMessageConverter(
			new Limits(200, 3, Limits.LARGEST_SESSION));

	@Test
	void writesMessagesWithTensorsOnly() {
		assertThat(this.converter.canWrite(String.class, SAFETENSORS)).isFalse();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, SAFETENSORS)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, null)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, MediaType.ALL)).isTrue();
		assertThat(this.converter.canWrite(MessageTypeTest.WithTensor.class, MediaType.APPLICATION_JSON)).isFalse();
		assertThat(this.converter.canWrite(MessageTypeTest.Pair.class, SAFETENSORS)).isFalse();
		assertThat(this.converter.getSupportedMediaTypes()).containsExactly(SAFETENSORS);
	}

	/// Spring is not to read a request: it has no room to count what that takes.
	@Test
	void readsNothingWithoutRoom() {
		assertThat(this.converter.canRead(Documents.Everything.class, SAFETENSORS)).isFalse();
		assertThat(new JsonMessageConverter(new Limits(20, 3, Limits.LARGEST_SESSION))
			.canRead(Documents.Everything.class, MediaType.APPLICATION_JSON)).isFalse();
	}

	@Test
	void readsWithinTheLimits() throws IOException {
		byte[] file = new SafetensorsFile().doubles("grad", 1, 2, 3).bytes();
		Documents.Everything read = (Documents.Everything) read(file, file.length);
		assertThat(Documents.bits(read.grad())).isEqualTo(Documents.bits(DoubleTensor.vector(1, 2, 3)));
		byte[] longer = new SafetensorsFile().doubles("grad", 1, 2, 3, 4).bytes();
		assertThatRefusal(Code.TOO_LARGE, () -> read(longer, -1));
		assertThat(read(new SafetensorsFile().doubles("grad", 1).bytes(), -1)).isNotNull();
	}

	@Test
	void aDeclaredLengthBeyondTheLimitIsRefusedUnread() {
		byte[] nothing = {};
		assertThatRefusal(Code.TOO_LARGE, () -> read(nothing, 201)).withMessage("the body must have at most 200 bytes");
		// the limit itself is not beyond it
		assertThatRefusal(Code.MALFORMED_BODY, () -> read(nothing, 200));
	}

	@Test
	void writesAFileAndItsLength() throws IOException {
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
		assertThat(SafetensorsFile.parse(body.toByteArray()).doubles("tensor")).containsExactly(1, 2);
		assertThat(headers.getFirst(HttpHeaders.CONTENT_TYPE)).isEqualTo("application/vnd.safetensors");
		assertThat(headers.getContentLength()).isEqualTo(body.size());
	}

	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "application/vnd.safetensors, true", "APPLICATION/vnd.Safetensors; a=b, true",
					"' application/vnd.safetensors ', true", "application/json, false", "'', false",
					"; application/vnd.safetensors, false", "application/json; application/vnd.safetensors, false",
					"none, false" })
	void aMediaTypeMayHaveParameters(String contentType, boolean is) {
		assertThat(Safetensors.isMediaType(contentType)).isEqualTo(is);
	}

	private Message read(byte[] body, long contentLength) throws IOException {
		return this.converter.read(Documents.Everything.class, new ByteArrayInputStream(body), contentLength,
				Documents.NO_SPOOL);
	}

}
