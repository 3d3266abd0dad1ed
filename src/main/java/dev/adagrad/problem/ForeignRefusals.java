package dev.adagrad.problem;

import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.wire.Safetensors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.util.InvalidMimeTypeException;

/// Turns what Spring and Tomcat refuse into our refusals.
final class ForeignRefusals {

	private ForeignRefusals() {
	}

	/// The refusal for a status, when only the status and the failure are known.
	static Refusal of(int status, @Nullable Object failure) {
		return of(isMalformedHeader(failure) ? Code.MALFORMED_HEADER : code(status));
	}

	/// A refusal that says no more than the page of its code does.
	static Refusal of(Code code) {
		return Refusal.of(code, Explanation.of(code).meaning());
	}

	/// The refusal of a body when no byte of it could be read. If a body breaks off
	/// later, its reader notices it and knows the place.
	static Refusal unreadBody(@Nullable String contentType, String detail) {
		return Safetensors.isMediaType(contentType) ? Refusal.malformedFile(0, detail)
				: Refusal.malformedJson(1, 1, detail);
	}

	/// Whether a failure says that the client's headers or URL cannot be read. Their
	/// parsers throw it wherever code first asks for them, which may be anywhere.
	static boolean isMalformedHeader(@Nullable Object failure) {
		for (Object cause = failure; cause instanceof Throwable thrown; cause = thrown.getCause()) {
			if (cause instanceof InvalidMimeTypeException || cause instanceof InvalidMediaTypeException
					|| cause instanceof IllegalCharsetNameException || cause instanceof UnsupportedCharsetException
					|| cause instanceof InvalidParameterException) {
				return true;
			}
		}
		return false;
	}

	private static Code code(int status) {
		return switch (status) {
			case 401 -> Code.UNAUTHORIZED;
			case 403 -> Code.FORBIDDEN;
			case 404 -> Code.NOT_FOUND;
			case 405 -> Code.METHOD_NOT_ALLOWED;
			case 406 -> Code.NOT_ACCEPTABLE;
			case 408 -> Code.REQUEST_TIMEOUT;
			case 412 -> Code.STEP_MISMATCH;
			case 413 -> Code.TOO_LARGE;
			case 415 -> Code.UNSUPPORTED_MEDIA_TYPE;
			case 422 -> Code.INVALID_FIELD;
			// Tomcat's statuses for a Transfer-Encoding and an HTTP version that it
			// does not know
			case 501, 505 -> Code.MALFORMED_HEADER;
			case 429 -> Code.QUOTA_EXCEEDED;
			case 503 -> Code.OVERLOADED;
			case 507 -> Code.STORE_FULL;
			default -> (status < 500) ? Code.MALFORMED_HEADER : Code.INTERNAL_ERROR;
		};
	}

}
