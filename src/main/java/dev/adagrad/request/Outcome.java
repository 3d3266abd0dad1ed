package dev.adagrad.request;

import jakarta.servlet.http.HttpServletRequest;

/// What became of a request, as a word for metrics: the code of the problem that refused it, or another word, told by
/// whoever decides it. Where nobody tells, all went well.
public final class Outcome {

	/// The client did not wait for the end of the answer.
	public static final String CLIENT_GONE = "client-gone";

	/// The answer to an earlier call was given once more.
	public static final String REPLAYED = "replayed";

	private static final String ATTRIBUTE = Outcome.class.getName();

	private Outcome() {
	}

	public static void tell(HttpServletRequest request, String outcome) {
		request.setAttribute(ATTRIBUTE, outcome);
	}

	/// What was told last; `ok` where nobody has.
	public static String of(HttpServletRequest request) {
		return (request.getAttribute(ATTRIBUTE) instanceof String told) ? told : "ok";
	}

}
