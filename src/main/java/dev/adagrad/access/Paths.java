package dev.adagrad.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/// The path that a call is for, as the controllers see it. A client may write a letter of it as `%73`.
final class Paths {

	private Paths() {
	}

	/// Whether it is for steps or sessions, which belong to a tenant.
	static boolean isCall(HttpServletRequest request) {
		return decoded(request).startsWith("/adagrad/");
	}

	/// Whether a call takes a step, stateless or of a session.
	static boolean isStep(HttpServletRequest request) {
		return request.getMethod().equals("POST") && decoded(request).endsWith("/step");
	}

	/// The decoded path, without the context path.
	static String decoded(HttpServletRequest request) {
		@Nullable String rest = request.getPathInfo();
		return (rest != null) ? request.getServletPath() + rest : request.getServletPath();
	}

}
