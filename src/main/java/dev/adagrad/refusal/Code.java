package dev.adagrad.refusal;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The reasons for refusing a request, each with its HTTP status and its title. The code is the constant's name in
/// lower case with hyphens; `problems.yaml` has the text of its page.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
public enum Code {

	MALFORMED_BODY(400, "The body cannot be read"),
	MALFORMED_HEADER(400, "The request line or a header cannot be read"),
	UNAUTHORIZED(401, "The call needs a valid key or token"), NOT_LOCAL(403, "The service serves its own machine only"),
	ORIGIN_NOT_ALLOWED(403, "This origin may not call from a browser"),
	FORBIDDEN(403, "The key or token does not allow this"), SESSION_NOT_FOUND(404, "There is no session of this id"),
	NOT_FOUND(404, "There is nothing at this URL"), METHOD_NOT_ALLOWED(405, "The resource does not take this method"),
	NOT_ACCEPTABLE(406, "None of the formats asked for can be written"),
	REQUEST_TIMEOUT(408, "The request did not come in time"),
	SESSION_EXISTS(409, "The session exists and was created with something else"),
	STEP_SUPERSEDED(409, "The step was applied, and others since"), SESSION_BUSY(409, "The session is busy"),
	STEP_MISMATCH(412, "The session is at another step"),
	TOO_LARGE(413, "The request is larger than this server takes"),
	UNSUPPORTED_MEDIA_TYPE(415, "The body is in a format that is not read here"),
	INVALID_FIELD(422, "A field is invalid"), LENGTH_MISMATCH(422, "The tensors differ in length"),
	DTYPE_MISMATCH(422, "A tensor has the wrong dtype"), INDEX_OUT_OF_RANGE(422, "There is no element of this index"),
	IDEMPOTENCY_KEY_REUSED(422, "The key was used for another request"),
	NON_FINITE_RESULT(422, "The step would not stay finite"), QUOTA_EXCEEDED(429, "The tenant has used up its quota"),
	INTERNAL_ERROR(500, "The server is at fault"), OVERLOADED(503, "The server has too much to do"),
	STORE_UNAVAILABLE(503, "The store of the sessions does not answer"),
	STORE_DAMAGED(503, "What is stored of this session is damaged"),
	STORE_FULL(507, "The store of the sessions is full");

	private static final Set<Code> OF_SESSIONS = Set.of(SESSION_NOT_FOUND, SESSION_EXISTS, STEP_SUPERSEDED,
			SESSION_BUSY, STEP_MISMATCH, INDEX_OUT_OF_RANGE, IDEMPOTENCY_KEY_REUSED, STORE_UNAVAILABLE, STORE_DAMAGED,
			STORE_FULL);

	private final int status;

	private final String title;

	Code(int status, String title) {
		this.status = status;
		this.title = title;
	}

	/// The codes that a service can answer with.
	/// @param sessions whether the service has sessions
	public static Set<Code> answered(boolean sessions) {
		Set<Code> answered = EnumSet.allOf(Code.class);
		if (!sessions) {
			answered.removeAll(OF_SESSIONS);
		}
		return answered;
	}

	/// Whether the same request may succeed a second later: requests under way then take
	/// a second or two at most.
	public boolean isPassing() {
		return this == SESSION_BUSY || this == OVERLOADED || this == STORE_UNAVAILABLE;
	}

	/// The machine-readable name, such as `invalid-field`.
	public String code() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/// The HTTP status.
	public int status() {
		return this.status;
	}

	/// The reason in a few words, for people.
	public String title() {
		return this.title;
	}

	/// The constant for a machine-readable code, if there is one.
	public static Optional<Code> ofCode(String code) {
		return Arrays.stream(values()).filter((each) -> each.code().equals(code)).findFirst();
	}

}
