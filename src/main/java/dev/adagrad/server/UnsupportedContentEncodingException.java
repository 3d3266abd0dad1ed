package dev.adagrad.server;

/// A body is encoded (compressed) in a way that is not undone here.
public final class UnsupportedContentEncodingException extends RuntimeException {

	private final String encoding;

	UnsupportedContentEncodingException(String encoding) {
		super("a body with Content-Encoding " + encoding + " is not read here; send it as it is");
		this.encoding = encoding;
	}

	/// The Content-Encoding that was sent.
	public String encoding() {
		return this.encoding;
	}

}
