package dev.adagrad.session.http;

import dev.adagrad.refusal.Refusal;
import dev.adagrad.session.Session;

/// The conditions under which a client wants its call to be carried out.
///
/// @param ifMatch only at one of these versions
/// @param ifNoneMatch at none of these versions
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2">RFC 9110, 13.2.2: Precedence of
/// Preconditions</a>
record Preconditions(EntityTags ifMatch, EntityTags ifNoneMatch) {

	/// Whether there are none.
	boolean areNone() {
		return !this.ifMatch.isPresent() && !this.ifNoneMatch.isPresent();
	}

	/// @throws Refusal unless both conditions hold
	void check(Session session) {
		this.ifMatch.requireMatch(session);
		this.ifNoneMatch.requireNoMatch(session);
	}

}
