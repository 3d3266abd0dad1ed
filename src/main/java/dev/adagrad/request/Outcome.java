package dev.adagrad.request;

/// What became of a request, as a word for metrics: left as an attribute of the request by whoever decides it.
public final class Outcome {

	/// The request attribute: the code of the problem that refused the request, or
	/// another word. Where there is none, all went well.
	public static final String ATTRIBUTE = Outcome.class.getName();

	/// The client did not wait for the end of the answer.
	public static final String CLIENT_GONE = "client-gone";

	private Outcome() {
	}

}
