package dev.adagrad.refusal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/// A request is refused. Nothing of it was applied, unless the text says otherwise.
///
/// The text, the members (what the problem's JSON has beside its text) and the headers are for the client. [#because]
/// adds what the operator should know: it becomes the message of this exception, which goes to the log, and `report`
/// tells whether there is any. The exception has a stack trace only if it has a cause, since otherwise the fault is in
/// the request and not in the code.
///
/// Immutable.
public final class Refusal extends RuntimeException {

	/// The name of the request's attribute that has its refusal, if a filter has refused
	/// it and left the answer to the error page (`sendError`).
	public static final String ATTRIBUTE = Refusal.class.getName();

	/// The largest number of places listed; a person fixes the first one first.
	private static final int MAX_PLACES = 20;

	private final Code code;

	private final int status;

	private final String detail;

	private final Map<String, Object> members;

	private final Map<String, String> headers;

	private final boolean reported;

	private Refusal(Code code, int status, String detail, Map<String, Object> members, Map<String, String> headers,
			String message, boolean reported, @Nullable Throwable cause) {
		super(message, cause, false, cause != null);
		this.code = code;
		this.status = status;
		this.detail = detail;
		this.members = members;
		this.headers = headers;
		this.reported = reported;
	}

	/// A refusal of any kind.
	/// @param detail what is wrong with this request, in a sentence
	public static Refusal of(Code code, String detail) {
		return new Refusal(code, code.status(), detail, Map.of(), Map.of(), detail, false, null);
	}

	/// A refusal because of one place in the body.
	/// @param pointer to the place, as an RFC 6901 pointer: `/grad/3`, or empty for the
	/// whole body
	/// @param detail the rule, and the value that breaks it: `must be a number, was a
	/// string`
	public static Refusal at(Code code, String pointer, String detail) {
		return at(code, List.of(new Place(pointer, detail)));
	}

	/// A refusal because of places in the body. The text says where they are, and the
	/// member `errors` says what is wrong there.
	/// @param places at least one
	public static Refusal at(Code code, List<Place> places) {
		int more = places.size() - 1;
		String others = switch (more) {
			case 0 -> " is refused";
			case 1 -> " and 1 other place are refused";
			default -> " and " + more + " other places are refused";
		};
		return new Refusal(code, code.status(), places.getFirst().where() + others + ": see errors",
				Map.of("errors", List.copyOf(places.subList(0, Math.min(places.size(), MAX_PLACES)))), Map.of(),
				places.getFirst() + ((more > 0) ? " (and " + more + " more)" : ""), false, null);
	}

	/// A refusal because the lengths of arrays do not match.
	/// @param lengths by the name of the array
	public static Refusal lengths(List<Place> places, Map<String, ? extends Number> lengths) {
		return at(Code.LENGTH_MISMATCH, places).with("lengths", lengths);
	}

	/// A refusal of a body that is not RFC 8259 JSON in UTF-8.
	/// @param line the line of the first offending byte, from 1
	/// @param column its column, from 1, in code points; at the end of the input, the
	/// column just after the last one
	/// @param detail what is wrong there
	public static Refusal malformedJson(int line, int column, String detail) {
		return of(Code.MALFORMED_BODY, detail + " at line " + line + ", column " + column).with("line", line)
			.with("column", column);
	}

	/// A refusal of a body that is not a safetensors file.
	/// @param offset the number of bytes before the first offending one
	/// @param detail what is wrong there
	public static Refusal malformedFile(long offset, String detail) {
		return of(Code.MALFORMED_BODY, detail + " at byte offset " + offset).with("offset", offset);
	}

	/// A refusal of a body, or of an array in it, that is longer than its limit.
	/// @param what what is too large: `the body`, or the name of a field
	/// @param limit the largest size accepted
	/// @param unit what the limit counts: `bytes`, `elements`
	public static Refusal tooLarge(String what, long limit, String unit) {
		return of(Code.TOO_LARGE, what + " must have at most " + limit + " " + unit).with("limit", limit);
	}

	/// A copy with another status than most refusals of its code have.
	public Refusal withStatus(int other) {
		return new Refusal(this.code, other, this.detail, this.members, this.headers, message(), this.reported,
				getCause());
	}

	/// A copy with one more member.
	public Refusal with(String member, Object value) {
		Map<String, Object> more = new LinkedHashMap<>(this.members);
		more.put(member, value);
		return new Refusal(this.code, this.status, this.detail, more, this.headers, message(), this.reported,
				getCause());
	}

	/// A copy with one more header, such as `Allow`.
	public Refusal withHeader(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new Refusal(this.code, this.status, this.detail, this.members, more, message(), this.reported,
				getCause());
	}

	/// A copy with a report for the operator.
	public Refusal because(String report, @Nullable Throwable cause) {
		return new Refusal(this.code, this.status, this.detail, this.members, this.headers, report, true, cause);
	}

	private String message() {
		return Objects.requireNonNull(getMessage());
	}

	/// The code.
	public Code code() {
		return this.code;
	}

	/// The HTTP status.
	public int status() {
		return this.status;
	}

	/// What is wrong with this request, in a sentence.
	public String detail() {
		return this.detail;
	}

	/// What the problem's JSON has beside its text, in the order of the map.
	public Map<String, Object> members() {
		return this.members;
	}

	/// The headers of the answer.
	public Map<String, String> headers() {
		return this.headers;
	}

	/// Whether there is a report for the operator.
	public boolean isReported() {
		return this.reported;
	}

}
