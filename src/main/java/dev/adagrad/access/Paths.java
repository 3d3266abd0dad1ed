package dev.adagrad.access;

import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;

/// The path that a call is for, as the controllers see it. A client may write a letter of it as `%73`.
final class Paths {

	private Paths() {
	}

	/// Whether a call takes a step, stateless or of a session.
	static boolean isStep(HttpServletRequest request) {
		return request.getMethod().equals("POST") && decoded(request).endsWith("/step");
	}

	/// The decoded path, without the context path.
	static String decoded(HttpServletRequest request) {
		return request.getServletPath() + Objects.requireNonNullElse(request.getPathInfo(), "");
	}

}
