package dev.adagrad;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client as our users have one: bytes out, status, headers and JSON back.
public final class TestClient {

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private final HttpClient http;

	private final String base;

	public TestClient(int port) {
		this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), "http://127.0.0.1:" + port);
	}

	private TestClient(HttpClient http, String base) {
		this.http = http;
		this.base = base;
	}

	/// A client that speaks HTTP/1.1 over TLS.
	public static TestClient secure(SSLContext context, int port) {
		return new TestClient(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(context).build(),
				"https://127.0.0.1:" + port);
	}

	public Answer step(String json) {
		return send("POST", "/adagrad/step", json, "Content-Type", "application/json");
	}

	public Answer step(SafetensorsFile file, String... headers) {
		return send("POST", "/adagrad/step", file, headers);
	}

	public Answer get(String path, String... headers) {
		return send("GET", path, "", headers);
	}

	public Answer send(String method, String path, String body, String... headers) {
		return send(method, path, BodyPublishers.ofString(body), headers);
	}

	/// Sends a file as what it is.
	public Answer send(String method, String path, SafetensorsFile file, String... headers) {
		List<String> all = new ArrayList<>(List.of("Content-Type", SafetensorsFile.MEDIA_TYPE));
		all.addAll(List.of(headers));
		return send(method, path, BodyPublishers.ofByteArray(file.bytes()), all.toArray(String[]::new));
	}

	public Answer send(String method, String path, HttpRequest.BodyPublisher body, String... headers) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.base + path))
			.timeout(Duration.ofSeconds(60))
			.method(method, body);
		if (headers.length > 0) {
			request.headers(headers);
		}
		try {
			return new Answer(this.http.send(request.build(), BodyHandlers.ofByteArray()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/// What came back.
	public record Answer(HttpResponse<byte[]> response) {

		public int status() {
			return this.response.statusCode();
		}

		public String header(String name) {
			return this.response.headers().firstValue(name).orElse("");
		}

		public String body() {
			return new String(this.response.body(), StandardCharsets.UTF_8);
		}

		/// The file that came back, after a look at its Content-Type.
		public SafetensorsFile file() {
			if (!header("Content-Type").equals(SafetensorsFile.MEDIA_TYPE)) {
				throw new AssertionError("not a file: " + status() + " " + this.response.headers() + body());
			}
			return SafetensorsFile.parse(this.response.body());
		}

		public JsonNode json() {
			return JSON.readTree(body());
		}

		/// The code of the problem, after a look at what all problems have in common.
		public String problemCode() {
			JsonNode problem = json();
			if (!header("Content-Type").equals("application/problem+json") || problem.path("status").asInt() != status()
					|| !problem.path("type").asString().equals("/problems/" + problem.path("code").asString())
					|| problem.path("title").asString().isEmpty() || problem.path("detail").asString().isEmpty()) {
				throw new AssertionError("not a problem of ours: " + status() + " " + this.response.headers() + body());
			}
			return problem.path("code").asString();
		}

	}

}
