package dev.adagrad.session.http;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;

/// Calls on one session, as a client makes them.
final class SessionClient {

	private static final List<String> JSON = List.of("Content-Type", "application/json");

	private final TestClient client;

	private final String path;

	SessionClient(TestClient client, String id) {
		this.client = client;
		this.path = "/adagrad/sessions/" + id;
	}

	/// Under an id that no other test has.
	static SessionClient fresh(TestClient client) {
		return new SessionClient(client, "test-" + UUID.randomUUID());
	}

	String id() {
		return this.path.substring(this.path.lastIndexOf('/') + 1);
	}

	Answer create(String body, String... headers) {
		return send("PUT", "", body, headers);
	}

	/// Creates it, or fails the test.
	SessionClient created(String body) {
		Answer answer = create(body);
		if (answer.status() != 201) {
			throw new AssertionError(answer.status() + answer.body());
		}
		return this;
	}

	Answer describe(String... headers) {
		return this.client.get(this.path, headers);
	}

	Answer step(String body, String... headers) {
		return send("POST", "/step", body, headers);
	}

	Answer state(String... headers) {
		return this.client.get(this.path + "/state", headers);
	}

	Answer restore(String body, String... headers) {
		return send("PUT", "/state", body, headers);
	}

	Answer delete(String... headers) {
		return this.client.send("DELETE", this.path, "", headers);
	}

	private Answer send(String method, String suffix, String body, String... headers) {
		List<String> all = new ArrayList<>(JSON);
		all.addAll(List.of(headers));
		return this.client.send(method, this.path + suffix, body, all.toArray(String[]::new));
	}

}
