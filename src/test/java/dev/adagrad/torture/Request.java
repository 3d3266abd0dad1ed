package dev.adagrad.torture;

import java.util.Map;

/// What a client asks.
/// @param headers beside those that every request has
/// @param chunked whether the length of the body is not told
/// @param looksForEarlyAnswer whether the client stops sending when it is answered, as polite ones do
record Request(String method, String path, Body body, Map<String, String> headers, boolean chunked,
		boolean looksForEarlyAnswer) {

	static Request get(String path, String accept) {
		return new Request("GET", path, Body.NONE, Map.of("Accept", accept), false, false);
	}

	static Request of(String method, String path, Body body) {
		return new Request(method, path, body, Map.of(), false, false);
	}

	Request sent(boolean inChunks, boolean politely) {
		return new Request(this.method, this.path, this.body, this.headers, inChunks && this.body.exists(), politely);
	}

}
