package dev.adagrad.access;

import java.io.IOException;

import dev.adagrad.caller.Caller;
import dev.adagrad.caller.Scope;
import dev.adagrad.refusal.Code;
import dev.adagrad.refusal.Excerpt;
import dev.adagrad.refusal.Refusal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/// Refuses calls because of who sends them: answers, and writes a line for the operator. Nothing says what a refused
/// call would have found.
///
/// Safe for use by any number of threads.
@Component
class AccessRefusals {

	/// @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, 3</a>
	private static final String CHALLENGE = "Bearer realm=\"adagrad\"";

	private final Audit audit;

	private final Meter.MeterProvider<Counter> counters;

	AccessRefusals(Audit audit, MeterRegistry meters) {
		this.audit = audit;
		this.counters = Counter.builder("adagrad.access.refused")
			.description("Calls refused because of who sent them, by the code of the refusal")
			.withRegistry(meters);
	}

	/// The peer is another machine.
	static Refusal notLocal(String peer) {
		return Refusal.of(Code.NOT_LOCAL, "this service serves its own machine only, and the call comes from " + peer
				+ ". For others, whoever runs it makes a key (java -jar adagrad-service.jar keys create) and sets"
				+ " adagrad.access.keys; adagrad.access=open lets everybody in");
	}

	/// The client calls the service by a name that is not its own.
	static Refusal foreignHost(String host) {
		return Refusal.of(Code.NOT_LOCAL,
				"this service is not called " + Excerpt.cut(host, Excerpt.VALUE)
						+ ": call it as localhost, or let whoever runs it add this name to adagrad.access.hosts. "
						+ "A web page that calls it so may be another one than it says");
	}

	/// A page of another origin calls.
	static Refusal foreignOrigin(String origin) {
		return Refusal.of(Code.ORIGIN_NOT_ALLOWED, "a page of " + Excerpt.cut(origin, Excerpt.VALUE)
				+ " may not call this service: adagrad.cors.allowed-origins does not name it");
	}

	/// There is no key or token.
	static Refusal noKey() {
		return Refusal
			.of(Code.UNAUTHORIZED,
					"the call needs a key or a token in the header Authorization: Bearer ...; whoever "
							+ "runs the service makes keys")
			.withHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE);
	}

	/// There is a key or a token, and it is not good.
	/// @param why in a sentence that repeats nothing of it
	static Refusal badKey(String why) {
		return Refusal.of(Code.UNAUTHORIZED, why)
			.withHeader(HttpHeaders.WWW_AUTHENTICATE, CHALLENGE + ", error=\"invalid_token\"");
	}

	/// Tokens cannot be checked now.
	static Refusal issuerUnreachable() {
		return Refusal.of(Code.OVERLOADED,
				"the token cannot be checked now, since the keys of its issuer cannot be read");
	}

	/// The caller has not the scope that the call needs.
	static Refusal withoutScope(Scope scope) {
		return Refusal
			.of(Code.FORBIDDEN, "the call needs the scope " + scope + ", which this key or token does not have")
			.withHeader(HttpHeaders.WWW_AUTHENTICATE,
					CHALLENGE + ", error=\"insufficient_scope\", scope=\"" + scope + "\"");
	}

	/// Answers a call, and tells the operator.
	void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
		this.audit.refused(request, name(request), refusal.code().code());
		this.counters.withTag("code", refusal.code().code()).increment();
		request.setAttribute(Refusal.ATTRIBUTE, refusal);
		response.sendError(refusal.status());
	}

	private static String name(HttpServletRequest request) {
		@Nullable Object caller = request.getAttribute(Caller.ATTRIBUTE);
		return (caller instanceof Caller known) ? known.name() : "";
	}

}
