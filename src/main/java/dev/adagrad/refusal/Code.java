package dev.adagrad.refusal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Why a request can be refused: each kind with its HTTP status, its title, and what its page says. The code is the
/// constant's name in lower case with hyphens.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
public enum Code {

	MALFORMED_BODY(400, "The body is not what its Content-Type says",
			"The body could not be read: it is not JSON as RFC 8259 has it, in UTF-8, or not a safetensors file. In JSON, "
					+ "NaN, Infinity, comments, trailing commas, anything after the document, an empty body and nesting "
					+ "beyond 64 levels are refused too. In a safetensors file the tensors must fill the data to its last "
					+ "byte, without a hole or an overlap, and the header may have 64 KiB.",
			"Look at the line and the column, or for safetensors the byte offset, that the answer names. Most JSON "
					+ "libraries have a strict mode; numbers that are not finite cannot be sent at all."),
	MALFORMED_HEADER(400, "The request line or a header cannot be read",
			"The request line, the URL or a header breaks its grammar, or is too long.",
			"The detail names the header where it is known. URLs may not hold %2f, %5c, or characters that need "
					+ "percent-encoding."),
	ORIGIN_NOT_ALLOWED(403, "This origin may not call from a browser",
			"A browser asked, on behalf of a page from another origin, whether it may call (CORS), and the server's "
					+ "operator has not allowed that origin.",
			"Set adagrad.cors.allowed-origins to the origin of your page, or call from a server."),
	SESSION_NOT_FOUND(404, "There is no session of this id",
			"No session was created under this optimizer id, or it has been deleted, or its ttl_seconds have passed since it "
					+ "was last changed.",
			"PUT /adagrad/sessions/{id} creates it; GET /adagrad/sessions lists those that exist."),
	NOT_FOUND(404, "There is nothing at this URL", "No resource has this path.",
			"The paths are listed at /swagger-ui.html."),
	METHOD_NOT_ALLOWED(405, "The resource does not take this method",
			"The path exists, the method does not. The Allow header of the answer lists those that do.",
			"A step is a POST, for instance."),
	NOT_ACCEPTABLE(406, "None of the formats asked for can be written",
			"The Accept header leaves out every format that this resource can answer in.",
			"Accept application/json, or send no Accept header. Tensors are written as application/vnd.safetensors too."),
	REQUEST_TIMEOUT(408, "The request did not come in time",
			"The headers or the body came too slowly: after some grace a body must come with a least rate, and all of it within "
					+ "a bound. Nothing was changed.",
			"Send it again, over a better connection or in smaller parts. The server's operator sets the bounds: "
					+ "adagrad.limits.grace, adagrad.limits.min-rate, adagrad.limits.request-timeout."),
	SESSION_EXISTS(409, "The session exists and was created with something else",
			"A PUT under an id that is taken answers as if it were the first only if it asks for the same configuration and the "
					+ "same initial tensors. The detail names what differs. The session was left as it is.",
			"Take another id, or delete the session first."),
	STEP_SUPERSEDED(409, "The step was applied, and others since",
			"A step was applied under this Idempotency-Key (applied_step), and has not been applied again; but others have "
					+ "stepped the session since, and the server does not hold the parameter, so the answer cannot be given "
					+ "any more.",
			"Go on from the session's current state: your step is in it."),
	SESSION_BUSY(409, "Others step the session too often",
			"Other calls on this session did not let this one through in time. It was not applied.",
			"Send it again after the seconds in the Retry-After header."),
	STEP_MISMATCH(412, "The session is at another step",
			"The session's state is not one that If-Match names, or is one that If-None-Match rules out. Nothing was changed. "
					+ "The answer tells the current step, and its ETag.",
			"Read the state, decide anew, and send the new ETag. A retry of a step that may have been applied is safe with "
					+ "an Idempotency-Key, which is looked at first."),
	TOO_LARGE(413, "The request is larger than this server takes",
			"The body has more bytes, or an array more elements, than the server's limit. The answer names the limit.",
			"Send less at a time (AdaGrad is elementwise: a tensor can be stepped in parts, unless clip_norm is used), or "
					+ "raise adagrad.limits.max-request-size or adagrad.limits.max-elements on the server."),
	UNSUPPORTED_MEDIA_TYPE(415, "The body is in a format that is not read here",
			"The Content-Type is missing or is none that this resource reads (the Accept header of the answer lists those), "
					+ "or the body is compressed.",
			"Send Content-Type: application/json, in UTF-8, or application/vnd.safetensors, and no Content-Encoding."),
	INVALID_FIELD(422, "A field is not as it must be",
			"The body is well-formed, but a field is unknown, missing, given twice, of the wrong type, or out of range. "
					+ "errors lists each place (a JSON pointer, RFC 6901) with the rule that it breaks.",
			"Mend the fields listed. A number must be a JSON number: not a string, not null."),
	LENGTH_MISMATCH(422, "The tensors differ in length",
			"parameter, grad and G belong together element by element; the answer names both lengths (lengths).",
			"Send one length for all. Before the first step G is an array of zeros, as long as parameter."),
	DTYPE_MISMATCH(422, "A tensor has another dtype than it must have",
			"The tensors of a safetensors file must be F64 or F32, all of one dtype, and indices I64; in a step of a session "
					+ "the dtype is the session's. errors names the tensor, its dtype and the one expected.",
			"Convert the tensor before you send it. JSON numbers have no dtype, and fit any."),
	INDEX_OUT_OF_RANGE(422, "There is no element of this index",
			"An index of a sparse step, or of elements to be read, is negative or not below the session's size. errors names the "
					+ "place and the range. Nothing was changed.",
			"Indices count from 0: the last element of a session of size 10 is 9."),
	IDEMPOTENCY_KEY_REUSED(422, "The key was used for another request",
			"A step with another grad, parameter, indices or learning_rate was applied under this Idempotency-Key (applied_step). This "
					+ "request was not applied.",
			"Make a new key for each step; send the same key only to repeat the same step."),
	NON_FINITE_RESULT(422, "The step would not stay finite",
			"An element of the result would be infinite or not a number, so nothing was changed. The answer names the "
					+ "tensor and the index of the first such element. Most often the square of a gradient overflows: beyond "
					+ "about 1.3e154 in F64, 1.8e19 in F32.",
			"Clip the gradient (clip_value or clip_norm), lower learning_rate, or use F64."),
	INTERNAL_ERROR(500, "The server is at fault",
			"This is a bug in the service, not in your request. Nothing was changed by it.",
			"Please report it, with the request."),
	OVERLOADED(503, "The server has too much to do",
			"The requests under way leave no room for this one: the memory that they take together is bounded, so that the "
					+ "server itself keeps its own. The detail says so where a request needs more than all of it.",
			"Send it again after the seconds in the Retry-After header. The outcome of a stateless step is the same "
					+ "however often it is sent."),
	STORE_UNAVAILABLE(503, "The store of the sessions does not answer",
			"The database that keeps the sessions cannot be reached or did not answer in time. The detail says where a step, a "
					+ "creation, a restore or a deletion was not applied, and where nobody knows.",
			"Send it again after the seconds in the Retry-After header, a step with the same Idempotency-Key: it is never "
					+ "applied twice. Stateless steps need no store."),
	STORE_DAMAGED(503, "What is stored of this session is damaged",
			"What is stored of this session is not what was written: it fails its checksum. Nothing of it is served, and "
					+ "nothing was changed. Other sessions are not concerned.",
			"Restore the session from a state that you have kept (PUT …/state), or delete it and create it anew. The "
					+ "server's operator finds in its log what is damaged."),
	STORE_FULL(507, "The store of the sessions is full",
			"The disk, or the size that the server's operator allows, has no room for what was to be kept, or for the temporary "
					+ "files of large requests. Nothing was changed.",
			"Delete sessions that are not needed, which is always possible, wait until other large requests are over, or give "
					+ "the store or the temporary files more room (adagrad.store.max-size, adagrad.store.min-free, "
					+ "adagrad.spool.max-size, the disk).");

	private static final Set<Code> OF_SESSIONS = Set.of(SESSION_NOT_FOUND, SESSION_EXISTS, STEP_SUPERSEDED,
			SESSION_BUSY, STEP_MISMATCH, INDEX_OUT_OF_RANGE, IDEMPOTENCY_KEY_REUSED, STORE_UNAVAILABLE, STORE_DAMAGED,
			STORE_FULL);

	private final int status;

	private final String title;

	private final String meaning;

	private final String remedy;

	Code(int status, String title, String meaning, String remedy) {
		this.status = status;
		this.title = title;
		this.meaning = meaning;
		this.remedy = remedy;
	}

	/// Those that a service can answer.
	/// @param sessions whether it has any
	public static Set<Code> answered(boolean sessions) {
		Set<Code> answered = EnumSet.allOf(Code.class);
		if (!sessions) {
			answered.removeAll(OF_SESSIONS);
		}
		return answered;
	}

	/// Whether the same request may fit a second later: those under way then take a
	/// second or two at most.
	public boolean isPassing() {
		return this == SESSION_BUSY || this == OVERLOADED || this == STORE_UNAVAILABLE;
	}

	/// The machine-readable name, such as `invalid-field`.
	public String code() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/// Of HTTP.
	public int status() {
		return this.status;
	}

	/// The kind, in a few words for people.
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

	/// The constant of this code, if there is one.
	public static Optional<Code> ofCode(String code) {
		return Arrays.stream(values()).filter((each) -> each.code().equals(code)).findFirst();
	}

}
