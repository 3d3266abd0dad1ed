package dev.adagrad.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import dev.adagrad.RunningService;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Behind a prefix, be it the service's own or that of a proxy that is believed, every path that the service tells is right.
@Timeout(120)
class ProxyTest {

	private static final String[] FORWARDED = { "X-Forwarded-Prefix", "/optimizer", "X-Forwarded-Proto", "https",
			"X-Forwarded-Host", "example.org" };

	private static final String[] NOTHING = {};

	@Test
	void ofAContextPath() throws IOException {
		try (RunningService service = RunningService.start("--server.servlet.context-path=/optimizer")) {
			assertRight(service, "/optimizer", "/optimizer", NOTHING);
			assertThat(service.client().get("/outside").json().get("type").asString())
				.isEqualTo("/optimizer/problems/not-found");
			// a prefix that nobody believes
			assertRight(service, "/optimizer", "/optimizer", "X-Forwarded-Prefix", "/other");
		}
	}

	@Test
	void ofAProxyThatIsBelieved() throws IOException {
		try (RunningService service = RunningService.start("--server.forward-headers-strategy=framework")) {
			assertRight(service, "", "/optimizer", FORWARDED);
			assertRight(service, "", "", NOTHING);
			Answer refused = service.client().get("/nope", "X-Forwarded-Prefix", "no path");
			assertThat(refused.status()).isEqualTo(400);
			assertThat(refused.problemCode()).isEqualTo("malformed-header");
			assertThat(service.client().get("/nope", "X-Forwarded-Port", "no number").problemCode())
				.isEqualTo("malformed-header");
		}
	}

	@Test
	void ofNobody() throws IOException {
		try (RunningService service = RunningService.start()) {
			assertRight(service, "", "", FORWARDED);
		}
	}

	/// @param inner what the paths begin with where they are asked for
	/// @param outer what they begin with for the client
	private static void assertRight(RunningService service, String inner, String outer, String... headers)
			throws IOException {
		TestClient client = service.client();
		assertThat(client.get(inner + "/", headers).body()).contains("src=\"ui/playground.js\"");
		assertThat(client.get(inner + "/swagger-ui.html", headers).header("Location"))
			.isEqualTo(outer + "/swagger-ui/index.html");
		assertThat(client.get(inner + "/v3/api-docs/swagger-config", headers).json().get("url").asString())
			.isEqualTo(outer + "/v3/api-docs");
		assertThat(client.get(inner + "/v3/api-docs", headers).json().at("/servers/0/url").asString())
			.isEqualTo(outer.isEmpty() ? "/" : outer);
		Answer notFound = client.get(inner + "/nope", headers);
		assertThat(notFound.json().get("type").asString()).isEqualTo(outer + "/problems/not-found");
		assertThat(notFound.json().get("instance").asString()).isEqualTo(outer + "/nope");
		assertThat(client.get(inner + "/adagrad/sessions/none", headers).json().get("type").asString())
			.isEqualTo(outer + "/problems/session-not-found");
		assertThat(client.get(inner + "/actuator/health/nope", headers).json().get("type").asString())
			.isEqualTo(outer + "/problems/not-found");
		assertThat(raw(service, "GET " + inner + "/a%2fb", headers))
			.contains("\"" + outer + "/problems/malformed-header");
		String[] json = new String[headers.length + 2];
		System.arraycopy(headers, 0, json, 2, headers.length);
		json[0] = "Content-Type";
		json[1] = "application/json";
		assertThat(client.send("POST", inner + "/adagrad/sessions", json("{'size':1}"), json).header("Location"))
			.matches(outer + "/adagrad/sessions/[^/]+");
		assertThat(client.get(inner + "/problems", headers).body()).contains("href=\"problems/not-found\"");
		assertThat(client.get(inner + "/problems/not-found", headers).body()).contains("href=\"../problems\"")
			.contains("href=\"../swagger-ui.html\"");
	}

	private static String raw(RunningService service, String line, String... headers) throws IOException {
		StringBuilder request = new StringBuilder(line).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
		for (int i = 0; i < headers.length; i += 2) {
			request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
		}
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
