package dev.adagrad.refusal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/// A request is refused; nothing of it was applied, unless its text says otherwise.
///
/// The text is meant for the client, and so are members (what the problem's JSON has beside its text) and headers. Where
/// the operator is to know more, [#because] adds it: that is the message of this exception, which stands in the log, and
/// `report` tells whether there is any. No stack trace is kept but where there is a cause: the fault is in the request,
/// not in the code.
///
/// Immutable.
public final class Refusal extends RuntimeException {

	/// The most places that are listed; the first is what a person fixes first.
	private static final int MAX_PLACES = 20;

	private final Code code;

	private final String detail;

	private final Map<String, Object> members;

	private final Map<String, String> headers;

	private final boolean reported;

	private Refusal(Code code, String detail, Map<String, Object> members, Map<String, String> headers, String message,
			boolean reported, @Nullable Throwable cause) {
		super(message, cause, false, cause != null);
		this.code = code;
		this.detail = detail;
		this.members = members;
		this.headers = headers;
		this.reported = reported;
	}

	/// For anything.
	/// @param detail what is wrong with this request, in a sentence
	public static Refusal of(Code code, String detail) {
		return new Refusal(code, detail, Map.of(), Map.of(), detail, false, null);
	}

	/// For one place in the body.
	/// @param pointer to the place, as an RFC 6901 pointer: `/grad/3`, or empty for the
	/// whole body
	/// @param detail the rule that is broken, and by what: `must be a number, was a
	/// string`
	public static Refusal at(Code code, String pointer, String detail) {
		return at(code, List.of(new Place(pointer, detail)));
	}

	/// For places in the body. The text says where, the member `errors` what is wrong
	/// there.
	/// @param places at least one
	public static Refusal at(Code code, List<Place> places) {
		int more = places.size() - 1;
		String others = switch (more) {
			case 0 -> " is refused";
			case 1 -> " and 1 other place are refused";
			default -> " and " + more + " other places are refused";
		};
		return new Refusal(code, places.getFirst().where() + others + ": see errors",
				Map.of("errors", List.copyOf(places.subList(0, Math.min(places.size(), MAX_PLACES)))), Map.of(),
				places.getFirst() + ((more > 0) ? " (and " + more + " more)" : ""), false, null);
	}

	/// For arrays whose lengths do not fit together.
	/// @param lengths by what they are of
	public static Refusal lengths(List<Place> places, Map<String, ? extends Number> lengths) {
		return at(Code.LENGTH_MISMATCH, places).with("lengths", lengths);
	}

	/// For a body that is not RFC 8259 JSON in UTF-8.
	/// @param line the line of the first offending byte, from 1
	/// @param column its column, from 1, in code points; at the end of the input just
	/// after the last
	/// @param detail what is wrong there
	public static Refusal malformedJson(int line, int column, String detail) {
		return of(Code.MALFORMED_BODY, detail + " at line " + line + ", column " + column).with("line", line)
			.with("column", column);
	}

	/// For a body that is not a safetensors file.
	/// @param offset how many bytes go before the first offending one
	/// @param detail what is wrong there
	public static Refusal malformedFile(long offset, String detail) {
		return of(Code.MALFORMED_BODY, detail + " at byte offset " + offset).with("offset", offset);
	}

	/// For a body, or an array in it, that is longer than its limit.
	/// @param what what is too large: `the body`, or the name of a field
	/// @param limit the most that is taken
	/// @param unit what the limit counts: `bytes`, `elements`
	public static Refusal tooLarge(String what, long limit, String unit) {
		return of(Code.TOO_LARGE, what + " must have at most " + limit + " " + unit).with("limit", limit);
	}

	/// The same with a member more.
	public Refusal with(String member, Object value) {
		Map<String, Object> more = new LinkedHashMap<>(this.members);
		more.put(member, value);
		return new Refusal(this.code, this.detail, more, this.headers, message(), this.reported, getCause());
	}

	/// The same with a header more, such as `Allow`.
	public Refusal withHeader(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new Refusal(this.code, this.detail, this.members, more, message(), this.reported, getCause());
	}

	/// The same with what the operator is to know of it.
	public Refusal because(String report, @Nullable Throwable cause) {
		return new Refusal(this.code, this.detail, this.members, this.headers, report, true, cause);
	}

	private String message() {
		return Objects.requireNonNull(getMessage());
	}

	/// The kind.
	public Code code() {
		return this.code;
	}

	/// What is wrong with this request, in a sentence.
	public String detail() {
		return this.detail;
	}

	/// What the problem's JSON has beside its text, in this order.
	public Map<String, Object> members() {
		return this.members;
	}

	/// Headers of the answer.
	public Map<String, String> headers() {
		return this.headers;
	}

	/// Whether the operator is to know of it.
	public boolean isReported() {
		return this.reported;
	}

}
