package dev.adagrad.request;

/// A request is refused as one with an invalid field is, for something that no JSON pointer can point at: what stands in
/// the URL, or what the request would lead to. The message is meant for the client.
public final class InvalidRequestException extends RuntimeException {

	public InvalidRequestException(String message) {
		super(message, null, false, false);
	}

}
