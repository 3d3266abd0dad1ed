package dev.adagrad.server;

/// A body is encoded (compressed) in a way that is not undone here.
public final class UnsupportedContentEncodingException extends RuntimeException {

	UnsupportedContentEncodingException(String encoding) {
		super("a body with Content-Encoding " + encoding + " is not read here; send it as it is");
	}

}
