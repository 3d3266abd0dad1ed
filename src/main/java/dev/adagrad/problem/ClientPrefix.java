package dev.adagrad.problem;

import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/// The prefix of the service's paths as a client sees it, for requests that Tomcat refuses before Spring has seen them.
/// It is what Spring would find.
///
/// Immutable.
///
/// @param contextPath where Tomcat serves the service: empty, or such as `/optimizer`
/// @param forwarded whether to believe a proxy's `X-Forwarded-Prefix`, which says where it serves the service
record ClientPrefix(String contextPath, boolean forwarded) {

	private static final String HEADER = "X-Forwarded-Prefix";

	private static final Pattern PATH = Pattern.compile("(?:/(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})+)*");

	/// Whether a string can be a prefix of paths: empty, or segments that each begin
	/// with a slash.
	static boolean isPath(String prefix) {
		return PATH.matcher(prefix).matches();
	}

	/// The prefix for the client of a request; empty if the proxy's prefix is not a
	/// path.
	String of(HttpServletRequest request) {
		@Nullable String told = this.forwarded ? request.getHeader(HEADER) : null;
		if (told == null) {
			return this.contextPath;
		}
		// each proxy on the way adds its own
		StringBuilder prefix = new StringBuilder();
		for (String part : told.split(",", -1)) {
			prefix.append(part.strip().replaceFirst("/+$", ""));
		}
		return isPath(prefix.toString()) ? prefix.toString() : "";
	}

}
