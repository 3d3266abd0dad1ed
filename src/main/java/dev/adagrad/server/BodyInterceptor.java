package dev.adagrad.server;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.List;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.wire.Safetensors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses a body because of its headers, before a byte of it is read: if it is announced as larger than the limit
/// (which spares a client that sends `Expect: 100-continue` the upload), if it is compressed, since nothing here would
/// unpack it, or if it is JSON in another encoding than UTF-8.
record BodyInterceptor(long maxRequestBytes) implements HandlerInterceptor {

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
			throws HttpMediaTypeNotSupportedException {
		if (!(handler instanceof HandlerMethod)) {
			// nothing is at this path, and the client should hear that first
			return true;
		}
		Enumeration<String> encodings = request.getHeaders(HttpHeaders.CONTENT_ENCODING);
		while (encodings.hasMoreElements()) {
			for (String coding : encodings.nextElement().split(",", -1)) {
				if (!coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
					throw Refusal
						.of(Code.UNSUPPORTED_MEDIA_TYPE,
								"a body with Content-Encoding " + coding.strip()
										+ " is not read here; send it as it is")
						.withHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
				}
			}
		}
		if (request.getContentLengthLong() > this.maxRequestBytes) {
			throw Refusal.tooLarge("the body", this.maxRequestBytes, "bytes");
		}
		checkCharset(request.getContentType());
		return true;
	}

	private static void checkCharset(@Nullable String contentType) throws HttpMediaTypeNotSupportedException {
		if (contentType == null || contentType.indexOf(';') < 0) {
			return;
		}
		MediaType mediaType = MediaType.parseMediaType(contentType);
		Charset charset = mediaType.getCharset();
		if (charset != null && !charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.US_ASCII)) {
			throw new HttpMediaTypeNotSupportedException(mediaType,
					List.of(MediaType.APPLICATION_JSON, MediaType.parseMediaType(Safetensors.MEDIA_TYPE)));
		}
	}

}
