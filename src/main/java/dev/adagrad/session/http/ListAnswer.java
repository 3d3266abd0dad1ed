package dev.adagrad.session.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import org.jspecify.annotations.Nullable;

/// A page of sessions, and what tells it from the same page at another time.
///
/// @param body what is answered
/// @param opaqueTag another one as soon as a session of the page has changed, is gone or is new
record ListAnswer(SessionList body, String opaqueTag) {

	/// @param next where the next page begins, if there is one
	static ListAnswer of(List<Session> sessions, @Nullable String next) {
		MessageDigest versions = Sha256.algorithm();
		for (Session session : sessions) {
			String version = session.id() + " " + EntityTags.of(session.version()) + "\n";
			versions.update(version.getBytes(StandardCharsets.US_ASCII));
		}
		// "more" or not is all that the next page says of this one
		versions.update((byte) ((next != null) ? 1 : 0));
		return new ListAnswer(new SessionList(sessions.stream().map(SessionDescription::of).toList(), next),
				Sha256.of(versions).toString());
	}

	/// What stands in the header.
	String entityTag() {
		return '"' + this.opaqueTag + '"';
	}

}
