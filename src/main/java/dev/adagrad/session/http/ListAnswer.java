package dev.adagrad.session.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

import dev.adagrad.session.Session;
import dev.adagrad.session.Sha256;
import org.jspecify.annotations.Nullable;

/// A page of sessions, and a tag that tells it from the same page at another time.
///
/// @param body the answer
/// @param opaqueTag changes as soon as a session of the page has changed, is gone or is new
record ListAnswer(SessionList body, String opaqueTag) {

	/// @param next where the next page begins, if there is one
	static ListAnswer of(List<Session> sessions, @Nullable String next) {
		MessageDigest versions = Sha256.algorithm();
		for (Session session : sessions) {
			String version = session.id() + " " + EntityTags.of(session.version()) + "\n";
			versions.update(version.getBytes(StandardCharsets.US_ASCII));
		}
		// whether there is more is all that this page says of the next one
		versions.update((byte) ((next != null) ? 1 : 0));
		return new ListAnswer(new SessionList(sessions.stream().map(SessionDescription::of).toList(), next),
				Sha256.of(versions).toString());
	}

	/// The value of the header.
	String entityTag() {
		return '"' + this.opaqueTag + '"';
	}

}
