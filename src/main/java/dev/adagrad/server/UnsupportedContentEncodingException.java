package dev.adagrad.server;

/// A body is encoded (compressed) in a way that is not undone here.
public final class UnsupportedContentEncodingException extends RuntimeException {

	private final String encoding;

	UnsupportedContentEncodingException(String encoding) {
		super("Content-Encoding " + encoding + " is not undone here; send the body as it is");
		this.encoding = encoding;
	}

	/// The Content-Encoding that was sent.
	public String encoding() {
		return this.encoding;
	}

}
