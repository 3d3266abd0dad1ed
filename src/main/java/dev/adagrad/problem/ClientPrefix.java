package dev.adagrad.problem;

import java.util.regex.Pattern;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/// What the service's paths begin with for a client, where Tomcat refuses a request before Spring has seen it: as Spring
/// would find it.
///
/// Immutable.
///
/// @param contextPath where Tomcat serves the service: empty, or such as `/optimizer`
/// @param forwarded whether a proxy is believed that says, by `X-Forwarded-Prefix`, where it serves the service
record ClientPrefix(String contextPath, boolean forwarded) {

	private static final String HEADER = "X-Forwarded-Prefix";

	private static final Pattern PATH = Pattern.compile("(?:/(?:[A-Za-z0-9._~!$&'()*+,=:@-]|%[0-9A-Fa-f]{2})+)*");

	/// Whether paths may begin so: empty, or segments that each begin with a slash.
	static boolean isPath(String prefix) {
		return PATH.matcher(prefix).matches();
	}

	/// The prefix for the client of a request; without what is no path.
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
