package dev.adagrad.request;

import jakarta.servlet.http.HttpServletRequest;

/// The outcome of a request, as a word for metrics: the code of the problem that refused it, or another word. The code
/// that decides the outcome records it. A request without a record went well.
public final class Outcome {

	/// The client went away before the end of the answer.
	public static final String CLIENT_GONE = "client-gone";

	/// The answer to an earlier call was given again.
	public static final String REPLAYED = "replayed";

	private static final String OK = "ok";

	private static final String ATTRIBUTE = Outcome.class.getName();

	private Outcome() {
	}

	public static void tell(HttpServletRequest request, String outcome) {
		request.setAttribute(ATTRIBUTE, outcome);
	}

	/// The word recorded last, or `ok` if there is none.
	public static String of(HttpServletRequest request) {
		return (request.getAttribute(ATTRIBUTE) instanceof String told) ? told : OK;
	}

	/// Whether the word tells of a call that was not done as it was asked for.
	public static boolean isFailure(String outcome) {
		return !outcome.equals(OK) && !outcome.equals(REPLAYED);
	}

}
