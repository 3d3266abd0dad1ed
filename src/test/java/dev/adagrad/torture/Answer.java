package dev.adagrad.torture;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static dev.adagrad.Json.json;

/// How a request was answered.
/// @param head the status line and the headers
/// @param start how the body begins, as far as it is kept
record Answer(String head, String start) {

	private static final Pattern CODE = Pattern.compile(json("'code':'([a-z-]+)'"));

	private static final Pattern ETAG = Pattern.compile("(?im)^etag: *\"(\\d+)-");

	private static final Pattern STEP = Pattern.compile("\"step\":(\\d+)");

	private static final Pattern CLOSE = Pattern.compile("(?im)^connection: *close");

	int status() {
		return Integer.parseInt(this.head.substring(9, 12));
	}

	/// As a [Tally] counts it.
	String outcome() {
		Matcher code = CODE.matcher(this.start);
		return status() + ((status() >= 400) ? " " + (code.find() ? code.group(1) : "without a code") : "");
	}

	boolean closes() {
		return CLOSE.matcher(this.head).find();
	}

	/// The step of the version that the answer is about.
	long version() {
		return number(ETAG, this.head);
	}

	/// The member `step` of the body.
	long step() {
		return number(STEP, this.start);
	}

	private static long number(Pattern pattern, String text) {
		Matcher number = pattern.matcher(text);
		if (!number.find()) {
			throw new IllegalStateException("no step in " + text);
		}
		return Long.parseLong(number.group(1));
	}

}
