package dev.adagrad.session.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Session;
import dev.adagrad.session.Version;

/// The value of `If-Match` or `If-None-Match`: `*`, or a list of entity tags.
///
/// A session's entity tag is `"<step>-<incarnation>"`, opaque to clients. Immutable.
///
/// @param header its name
/// @param isPresent whether it is there
/// @param any whether it is `*`
/// @param strong the tags that are not weak, without quotes
/// @param all the tags without quotes
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1">RFC 9110, 13.1: Preconditions</a>
record EntityTags(String header, boolean isPresent, boolean any, List<String> strong, List<String> all) {

	/// Each alternative of RFC 9110's `#entity-tag`, followed by the comma or the end.
	private static final Pattern TAG = Pattern
		.compile("[ \\t]*(?:(W/)?\"([\\x21\\x23-\\x7E\\x80-\\xFF]*)\")?[ \\t]*(,|$)");

	/// The suffix that Apache's mod_deflate and others add to a tag, or nothing.
	private static final Pattern COMPRESSED = Pattern.compile("(?:[-;:+](?:gzip|br|deflate|zstd))?");

	/// Reads a header.
	/// @param header its name
	/// @param lines its lines; empty if it is absent
	/// @throws Refusal if they break the grammar
	static EntityTags parse(String header, List<String> lines) {
		if (lines.isEmpty()) {
			return new EntityTags(header, false, false, List.of(), List.of());
		}
		String value = String.join(",", lines).strip();
		if (value.equals("*")) {
			return new EntityTags(header, true, true, List.of(), List.of());
		}
		List<String> strong = new ArrayList<>();
		List<String> all = new ArrayList<>();
		Matcher matcher = TAG.matcher(value);
		int position = 0;
		while (position < value.length()) {
			matcher.region(position, value.length());
			if (!matcher.lookingAt()) {
				throw malformed(header);
			}
			if (matcher.group(2) != null) {
				all.add(matcher.group(2));
				if (matcher.group(1) == null) {
					strong.add(matcher.group(2));
				}
			}
			position = matcher.end();
		}
		if (all.isEmpty()) {
			throw malformed(header);
		}
		return new EntityTags(header, true, false, List.copyOf(strong), List.copyOf(all));
	}

	/// The entity tag of a version.
	static String of(Version version) {
		return '"' + opaque(version) + '"';
	}

	/// As `If-Match`: whether the header names the version, by its entity tag or by its
	/// bare step. Weak tags match nothing. True if the header is absent.
	boolean allow(Version version) {
		return !this.isPresent || this.any || this.strong.contains(opaque(version))
				|| this.strong.contains(Long.toString(version.step()));
	}

	/// As `If-None-Match`: whether the header names the version. False if the header is
	/// absent.
	boolean name(Version version) {
		return name(opaque(version));
	}

	/// As `If-None-Match`, for anything else that has a tag.
	/// @param opaque the tag without its quotes
	boolean name(String opaque) {
		return this.any || this.all.contains(opaque);
	}

	/// As `If-Match`.
	/// @throws Refusal unless the header names the session's version
	void requireMatch(Session session) {
		if (!allow(session.version())) {
			throw isNamedButForAProxy(session.version())
					? CallRefusals.changedTag(session.id(), session.version(), this.header)
					: CallRefusals.mismatch(session.id(), session.version(), this.header);
		}
	}

	/// Whether the header would name the version if nobody had changed its tag on the
	/// way. A proxy that compresses answers makes a tag weak (nginx) or adds a suffix to
	/// it (Apache).
	private boolean isNamedButForAProxy(Version version) {
		String tag = opaque(version);
		return this.all.stream()
			.anyMatch((named) -> named.startsWith(tag) && COMPRESSED.matcher(named.substring(tag.length())).matches());
	}

	/// As `If-None-Match`.
	/// @throws Refusal if the header names the session's version
	void requireNoMatch(Session session) {
		if (name(session.version())) {
			throw CallRefusals.mismatch(session.id(), session.version(), this.header);
		}
	}

	private static String opaque(Version version) {
		return version.step() + "-" + version.incarnation();
	}

	private static Refusal malformed(String header) {
		return Refusal.of(Code.MALFORMED_HEADER, header
				+ " must be * or a list of entity tags in double quotes, such as \"41\" or an ETag as it was answered");
	}

}
