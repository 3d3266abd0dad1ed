package dev.adagrad.access;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.caller.Caller;
import dev.adagrad.refusal.Refusal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Who is served without keys: this machine alone, by its own names, and pages of allowed origins. Behind a proxy that is
/// believed.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "server.forward-headers-strategy=framework",
		"adagrad.access.hosts=mine.example,[fd00::1]", "adagrad.cors.allowed-origins=https://allowed.example" })
class LocalAccessTest {

	@LocalServerPort
	private int port;

	/// A call as it would come from another machine, which no test has.
	/// @return the code of the refusal; `served` if there is none
	private static String visit(AccessMode mode, @Nullable String peer, String remote, @Nullable String host,
			String... headers) throws ServletException, IOException {
		VisitorFilter filter = new VisitorFilter(
				Visitors.of(mode,
						new AccessProperties(List.of(), null, List.of(), new AccessProperties.Jwt("scope", "", null))),
				new AccessRefusals(new Audit(), new SimpleMeterRegistry()));
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/adagrad/sessions");
		request.setServletPath("/adagrad/sessions");
		request.setRemoteAddr(remote);
		request.setServerName("localhost");
		request.setAttribute(Caller.PEER, peer);
		if (host != null) {
			request.addHeader("Host", host);
		}
		for (int i = 0; i < headers.length; i += 2) {
			request.addHeader(headers[i], headers[i + 1]);
		}
		MockHttpServletResponse response = new MockHttpServletResponse();
		MockFilterChain chain = new MockFilterChain();
		filter.doFilter(request, response, chain);
		assertThat(response.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(response.getHeader("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
		assertThat(response.getHeader("Cache-Control")).isEqualTo("no-store");
		if (chain.getRequest() != null) {
			assertThat(request.getAttribute(Refusal.ATTRIBUTE)).isNull();
			assertThat(Optional.ofNullable(request.getAttribute(Caller.ATTRIBUTE)).isPresent())
				.isEqualTo(!mode.asksForKey());
			return "served";
		}
		assertThat(response.getStatus()).isEqualTo(403);
		return request.getAttribute(Refusal.ATTRIBUTE) instanceof Refusal refusal ? refusal.code().code() : "";
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, served", "127.255.255.254, served", "::1, served", "0:0:0:0:0:0:0:1, served",
			"10.0.0.7, not-local", "192.168.1.2, not-local", "128.0.0.1, not-local", "169.254.1.1, not-local",
			"0.0.0.0, not-local", "::, not-local", "fe80::1, not-local", "::ffff:10.0.0.7, not-local",
			"localhost, not-local", "'', not-local" })
	void onlyThisMachineIsServed(String peer, String expected) throws ServletException, IOException {
		assertThat(visit(AccessMode.LOCAL, peer, peer, "localhost")).isEqualTo(expected);
		assertThat(visit(AccessMode.OPEN, peer, peer, "localhost")).isEqualTo("served");
		assertThat(visit(AccessMode.KEYS, peer, peer, "localhost")).isEqualTo("served");
		assertThat(visit(AccessMode.LOCAL, "127.0.0.1", peer, "localhost")).as("a proxy here says so")
			.isEqualTo(expected);
	}

	@Test
	void noHeaderMakesAnybodyLocal() throws ServletException, IOException {
		for (String header : List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Client-IP",
				"True-Client-IP", "X-Original-Host", "Adagrad-Tenant", "Authorization")) {
			for (String value : List.of("127.0.0.1", "for=127.0.0.1", "localhost", "default", "Bearer x")) {
				assertThat(visit(AccessMode.LOCAL, "10.0.0.7", "10.0.0.7", "localhost", header, value))
					.isEqualTo("not-local");
				assertThat(visit(AccessMode.LOCAL, "10.0.0.7", "127.0.0.1", "localhost", header, value))
					.as("even if it is believed")
					.isEqualTo("not-local");
			}
		}
		assertThat(visit(AccessMode.LOCAL, null, "127.0.0.1", "localhost")).as("nobody knows the peer")
			.isEqualTo("not-local");
	}

	@Test
	void namesDoNotMatterWhereKeysAreAskedForOrAllAreServed() throws ServletException, IOException {
		assertThat(visit(AccessMode.LOCAL, "127.0.0.1", "127.0.0.1", "evil.example")).isEqualTo("not-local");
		assertThat(visit(AccessMode.KEYS, "127.0.0.1", "127.0.0.1", "evil.example")).isEqualTo("served");
		assertThat(visit(AccessMode.JWT, "127.0.0.1", "127.0.0.1", "evil.example")).isEqualTo("served");
		assertThat(visit(AccessMode.OPEN, "127.0.0.1", "127.0.0.1", "evil.example")).isEqualTo("served");
		assertThat(visit(AccessMode.LOCAL, "127.0.0.1", "127.0.0.1", null)).as("HTTP/2 names it elsewhere")
			.isEqualTo("served");
	}

	/// The status, and the code of the problem if there is one.
	private String raw(String head) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(30_000);
			socket.getOutputStream().write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			int code = answer.indexOf(json("'code':'"));
			return answer.substring(9, 12)
					+ ((code < 0) ? "" : " " + answer.substring(code + 8, answer.indexOf('"', code + 8)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "LocalHost", "localhost:8080", "localhost:", "app.localhost", "127.0.0.1",
			"127.0.0.1:80", "127.1.2.3:9", "[::1]", "[::1]:8080", "[0:0:0:0:0:0:0:1]", "mine.example",
			"MINE.example:443", "[fd00::1]", "[FD00::1]:80" })
	void itsOwnNames(String host) throws IOException {
		assertThat(raw("GET /adagrad/sessions HTTP/1.1\r\nHost: " + host + "\r\n")).isEqualTo("200");
		assertThat(raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n")).isEqualTo("200");
	}

	/// What a name in DNS can be that leads to this machine, among others.
	@ParameterizedTest
	@ValueSource(strings = { "evil.example", "evil.example:8080", "localhost.evil.example", "localhost.", "xlocalhost",
			"127.0.0.1.nip.io", "127.0.0.1.", "128.0.0.1", "10.0.0.7", "0.0.0.0", "0", "127.1", "2130706433",
			"0x7f.0.0.1", "[::]", "[::2]", "[::ffff:10.0.0.7]", "[fd00::2]", "not.mine.example", "mine.example.evil",
			"1270.0.0.1", "127.0.0.256" })
	void otherNames(String host) throws IOException {
		for (String path : List.of("/adagrad/sessions", "/", "/actuator/health", "/v3/api-docs", "/nothing")) {
			assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n")).as("%s", path)
				.isIn("403 not-local", "400 malformed-header");
		}
		assertThat(raw("POST /adagrad/step HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n")).as("POST")
			.isIn("403 not-local", "400 malformed-header");
	}

	@Test
	void aHostThatIsMissingOrThereTwice() throws IOException {
		assertThat(raw("GET /adagrad/sessions HTTP/1.1\r\n")).isEqualTo("400 malformed-header");
		assertThat(raw("GET /adagrad/sessions HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"))
			.isEqualTo("400 malformed-header");
		assertThat(raw("GET /adagrad/sessions HTTP/1.1\r\nHost: localhost, evil.example\r\n"))
			.isEqualTo("400 malformed-header");
		assertThat(raw("GET http://evil.example/adagrad/sessions HTTP/1.1\r\nHost: localhost\r\n"))
			.isIn("400 malformed-header", "403 not-local");
		assertThat(raw("GET /adagrad/sessions HTTP/1.0\r\n")).as("no browser").isEqualTo("200");
		assertThat(raw("GET /adagrad/sessions HTTP/1.0\r\nHost: evil.example\r\n")).isEqualTo("403 not-local");
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Forwarded-For: 203.0.113.5", "Forwarded: for=203.0.113.5",
			"X-Forwarded-For: 203.0.113.5, 127.0.0.1", "X-Forwarded-Host: evil.example",
			"Forwarded: host=evil.example" })
	void whatAProxyOnThisMachineSaysIsHeard(String header) throws IOException {
		boolean ofName = header.contains("evil");
		assertThat(raw("GET /adagrad/sessions HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n"))
			.isEqualTo(ofName ? "200" : "403 not-local");
		assertThat(raw("GET /adagrad/sessions HTTP/1.1\r\nHost: evil.example\r\n" + header + "\r\n"))
			.isEqualTo("403 not-local");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1:1",
			"https://allowed.example.evil", "http://allowed.example", "https://allowed.example:444", "file://",
			"localhost" })
	void aForeignPageMayNotCall(String origin) {
		TestClient client = new TestClient(this.port);
		for (String type : List.of("application/json", "text/plain", "application/x-www-form-urlencoded")) {
			for (String call : List.of("GET /adagrad/sessions", "HEAD /adagrad/sessions", "POST /adagrad/step",
					"POST /adagrad/sessions", "PUT /adagrad/sessions/o", "PATCH /adagrad/sessions/o",
					"DELETE /adagrad/sessions/o", "OPTIONS /adagrad/step", "GET /", "GET /actuator/health",
					"GET /v3/api-docs", "TRACE /adagrad/step")) {
				String[] parts = call.split(" ", -1);
				Answer answer = client.send(parts[0], parts[1], json("{'size':1}"), "Content-Type", type, "Origin",
						origin);
				assertThat(answer.status()).as("%s as %s", call, type).isIn(403, parts[0].equals("TRACE") ? 405 : 403);
				assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
				if (answer.status() == 403 && !parts[0].equals("HEAD")) {
					assertThat(answer.problemCode()).isEqualTo("origin-not-allowed");
				}
			}
		}
		assertThat(client.get("/adagrad/sessions/o").status()).as("nothing was done").isEqualTo(404);
	}

	@Test
	void anAllowedPageAndAnOwnPageMayCall() {
		TestClient client = new TestClient(this.port);
		for (String origin : List.of("https://allowed.example", "http://127.0.0.1:" + this.port)) {
			for (String method : List.of("PUT", "GET", "DELETE")) {
				Answer answer = client.send(method, "/adagrad/sessions/of-a-page", json("{'size':1}"), "Content-Type",
						"application/json", "Origin", origin);
				assertThat(answer.status()).as("%s of %s", method, origin).isIn(200, 201, 204);
				assertThat(answer.header("Access-Control-Allow-Origin"))
					.isEqualTo(origin.startsWith("https") ? origin : "");
			}
		}
	}

}
