package dev.adagrad.problem;

import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.util.InvalidMimeTypeException;

/// Each kind of refusal: its status, its title, and what its page says. The code is the constant's name in lower case
/// with hyphens, the `type` of the problem is `/problems/<code>`, below
/// the prefix under which the client sees the service.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
public enum Problem {

	MALFORMED_BODY(HttpStatus.BAD_REQUEST, "The body is not what its Content-Type says",
			"The body could not be read: it is not JSON as RFC 8259 has it, in UTF-8, or not a safetensors file. In JSON, "
					+ "NaN, Infinity, comments, trailing commas, anything after the document, an empty body and nesting "
					+ "beyond 64 levels are refused too. In a safetensors file the tensors must fill the data to its last "
					+ "byte, without a hole or an overlap, and the header may have 64 KiB.",
			"Look at the line and the column, or for safetensors the byte offset, that the answer names. Most JSON "
					+ "libraries have a strict mode; numbers that are not finite cannot be sent at all."),
	MALFORMED_HEADER(HttpStatus.BAD_REQUEST, "The request line or a header cannot be read",
			"The request line, the URL or a header breaks its grammar, or is too long.",
			"The detail names the header where it is known. URLs may not hold %2f, %5c, or characters that need "
					+ "percent-encoding."),
	ORIGIN_NOT_ALLOWED(HttpStatus.FORBIDDEN, "This origin may not call from a browser",
			"A browser asked, on behalf of a page from another origin, whether it may call (CORS), and the server's "
					+ "operator has not allowed that origin.",
			"Set adagrad.cors.allowed-origins to the origin of your page, or call from a server."),
	SESSION_NOT_FOUND(HttpStatus.NOT_FOUND, "There is no session of this id",
			"No session was created under this optimizer id, or it has been deleted, or its ttl_seconds have passed since it "
					+ "was last changed.",
			"PUT /adagrad/sessions/{id} creates it; GET /adagrad/sessions lists those that exist."),
	NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing at this URL", "No resource has this path.",
			"The paths are listed at /swagger-ui.html."),
	METHOD_NOT_ALLOWED(HttpStatus.METHOD_NOT_ALLOWED, "The resource does not take this method",
			"The path exists, the method does not. The Allow header of the answer lists those that do.",
			"A step is a POST, for instance."),
	NOT_ACCEPTABLE(HttpStatus.NOT_ACCEPTABLE, "None of the formats asked for can be written",
			"The Accept header leaves out every format that this resource can answer in.",
			"Accept application/json, or send no Accept header. Tensors are written as application/vnd.safetensors too."),
	REQUEST_TIMEOUT(HttpStatus.REQUEST_TIMEOUT, "The request did not come in time",
			"The headers or the body came too slowly: after some grace a body must come with a least rate, and all of it within "
					+ "a bound. Nothing was changed.",
			"Send it again, over a better connection or in smaller parts. The server's operator sets the bounds: "
					+ "adagrad.limits.grace, adagrad.limits.min-rate, adagrad.limits.request-timeout."),
	SESSION_EXISTS(HttpStatus.CONFLICT, "The session exists and was created with something else",
			"A PUT under an id that is taken answers as if it were the first only if it asks for the same configuration and the "
					+ "same initial tensors. The detail names what differs. The session was left as it is.",
			"Take another id, or delete the session first."),
	STEP_SUPERSEDED(HttpStatus.CONFLICT, "The step was applied, and others since",
			"A step was applied under this Idempotency-Key (applied_step), and has not been applied again; but others have "
					+ "stepped the session since, and the server does not hold the parameter, so the answer cannot be given "
					+ "any more.",
			"Go on from the session's current state: your step is in it."),
	SESSION_BUSY(HttpStatus.CONFLICT, "Others step the session too often",
			"Other calls on this session did not let this one through in time. It was not applied.",
			"Send it again after the seconds in the Retry-After header."),
	STEP_MISMATCH(HttpStatus.PRECONDITION_FAILED, "The session is at another step",
			"The session's state is not one that If-Match names, or is one that If-None-Match rules out. Nothing was changed. "
					+ "The answer tells the current step, and its ETag.",
			"Read the state, decide anew, and send the new ETag. A retry of a step that may have been applied is safe with "
					+ "an Idempotency-Key, which is looked at first."),
	TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The request is larger than this server takes",
			"The body has more bytes, or an array more elements, than the server's limit. The answer names the limit.",
			"Send less at a time (AdaGrad is elementwise: a tensor can be stepped in parts, unless clip_norm is used), or "
					+ "raise adagrad.limits.max-request-size or adagrad.limits.max-elements on the server."),
	UNSUPPORTED_MEDIA_TYPE(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body is in a format that is not read here",
			"The Content-Type is missing or is none that this resource reads (the Accept header of the answer lists those), "
					+ "or the body is compressed.",
			"Send Content-Type: application/json, in UTF-8, or application/vnd.safetensors, and no Content-Encoding."),
	INVALID_FIELD(HttpStatus.UNPROCESSABLE_CONTENT, "A field is not as it must be",
			"The body is well-formed, but a field is unknown, missing, given twice, of the wrong type, or out of range. "
					+ "errors lists each place (a JSON pointer, RFC 6901) with the rule that it breaks.",
			"Mend the fields listed. A number must be a JSON number: not a string, not null."),
	LENGTH_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT, "The tensors differ in length",
			"parameter, grad and G belong together element by element; the answer names both lengths (lengths).",
			"Send one length for all. Before the first step G is an array of zeros, as long as parameter."),
	DTYPE_MISMATCH(HttpStatus.UNPROCESSABLE_CONTENT, "A tensor has another dtype than it must have",
			"The tensors of a safetensors file must be F64 or F32, all of one dtype, and indices I64; in a step of a session "
					+ "the dtype is the session's. errors names the tensor, its dtype and the one expected.",
			"Convert the tensor before you send it. JSON numbers have no dtype, and fit any."),
	INDEX_OUT_OF_RANGE(HttpStatus.UNPROCESSABLE_CONTENT, "There is no element of this index",
			"An index of a sparse step, or of elements to be read, is negative or not below the session's size. errors names the "
					+ "place and the range. Nothing was changed.",
			"Indices count from 0: the last element of a session of size 10 is 9."),
	IDEMPOTENCY_KEY_REUSED(HttpStatus.UNPROCESSABLE_CONTENT, "The key was used for another request",
			"A step with another grad, parameter, indices or learning_rate was applied under this Idempotency-Key (applied_step). This "
					+ "request was not applied.",
			"Make a new key for each step; send the same key only to repeat the same step."),
	NON_FINITE_RESULT(HttpStatus.UNPROCESSABLE_CONTENT, "The step would not stay finite",
			"An element of the result would be infinite or not a number, so nothing was changed. The answer names the "
					+ "tensor and the index of the first such element. Most often the square of a gradient overflows: beyond "
					+ "about 1.3e154 in F64, 1.8e19 in F32.",
			"Clip the gradient (clip_value or clip_norm), lower learning_rate, or use F64."),
	INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR, "The server is at fault",
			"This is a bug in the service, not in your request. Nothing was changed by it.",
			"Please report it, with the request."),
	OVERLOADED(HttpStatus.SERVICE_UNAVAILABLE, "The server has too much to do",
			"The requests under way leave no room for this one: the memory that they take together is bounded, so that the "
					+ "server itself keeps its own. The detail says so where a request needs more than all of it.",
			"Send it again after the seconds in the Retry-After header. The outcome of a stateless step is the same "
					+ "however often it is sent."),
	STORE_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE, "The store of the sessions does not answer",
			"The database that keeps the sessions cannot be reached or did not answer in time. The detail says where a step, a "
					+ "creation, a restore or a deletion was not applied, and where nobody knows.",
			"Send it again after the seconds in the Retry-After header, a step with the same Idempotency-Key: it is never "
					+ "applied twice. Stateless steps need no store."),
	STORE_DAMAGED(HttpStatus.SERVICE_UNAVAILABLE, "What is stored of this session is damaged",
			"What is stored of this session is not what was written: it fails its checksum. Nothing of it is served, and "
					+ "nothing was changed. Other sessions are not concerned.",
			"Restore the session from a state that you have kept (PUT …/state), or delete it and create it anew. The "
					+ "server's operator finds in its log what is damaged."),
	STORE_FULL(HttpStatus.INSUFFICIENT_STORAGE, "The store of the sessions is full",
			"The disk, or the size that the server's operator allows, has no room for what was to be kept, or for the temporary "
					+ "files of large requests. Nothing was changed.",
			"Delete sessions that are not needed, which is always possible, wait until other large requests are over, or give "
					+ "the store or the temporary files more room (adagrad.store.max-size, adagrad.store.min-free, "
					+ "adagrad.spool.max-size, the disk).");

	private static final Set<Problem> OF_SESSIONS = Set.of(SESSION_NOT_FOUND, SESSION_EXISTS, STEP_SUPERSEDED,
			SESSION_BUSY, STEP_MISMATCH, INDEX_OUT_OF_RANGE, IDEMPOTENCY_KEY_REUSED, STORE_UNAVAILABLE, STORE_DAMAGED,
			STORE_FULL);

	private final HttpStatus status;

	private final String title;

	private final String meaning;

	private final String remedy;

	Problem(HttpStatus status, String title, String meaning, String remedy) {
		this.status = status;
		this.title = title;
		this.meaning = meaning;
		this.remedy = remedy;
	}

	/// Those that a service can answer.
	/// @param sessions whether it has any
	public static Set<Problem> answered(boolean sessions) {
		Set<Problem> answered = EnumSet.allOf(Problem.class);
		if (!sessions) {
			answered.removeAll(OF_SESSIONS);
		}
		return answered;
	}

	/// The machine-readable name, such as `invalid-field`.
	public String code() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/// The `type`: a path on this server, where a browser finds the explanation.
	/// @param prefix what the service's paths begin with, for the client: empty, or such
	/// as `/optimizer`
	public String type(String prefix) {
		return prefix + "/problems/" + code();
	}

	public HttpStatus status() {
		return this.status;
	}

	public String title() {
		return this.title;
	}

	/// What happened, in sentences for the page.
	public String meaning() {
		return this.meaning;
	}

	/// What to do about it, in sentences for the page.
	public String remedy() {
		return this.remedy;
	}

	/// The problem with this code, if there is one.
	public static Optional<Problem> ofCode(String code) {
		return Arrays.stream(values()).filter((problem) -> problem.code().equals(code)).findFirst();
	}

	/// Whether a failure says that the client's headers or URL cannot be read: what
	/// parses them throws this where it is asked for them, which may be anywhere.
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

	/// The kind that fits a bare status, for refusals of the framework and the server
	/// that say no more than that.
	static Problem ofStatus(int status) {
		return switch (status) {
			case 403 -> ORIGIN_NOT_ALLOWED;
			case 404 -> NOT_FOUND;
			case 405 -> METHOD_NOT_ALLOWED;
			case 406 -> NOT_ACCEPTABLE;
			case 408 -> REQUEST_TIMEOUT;
			case 413 -> TOO_LARGE;
			case 415 -> UNSUPPORTED_MEDIA_TYPE;
			case 422 -> INVALID_FIELD;
			// Tomcat's words for a Transfer-Encoding and an HTTP version that it does
			// not know
			case 501, 505 -> MALFORMED_HEADER;
			case 412 -> STEP_MISMATCH;
			case 503 -> OVERLOADED;
			case 507 -> STORE_FULL;
			default -> (status < 500) ? MALFORMED_HEADER : INTERNAL_ERROR;
		};
	}

}
