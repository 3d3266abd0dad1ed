package dev.adagrad.problem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import dev.adagrad.refusal.Code;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What the framework and the server refuse before a controller has seen it takes the same shape as everything else.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "adagrad.limits.max-request-size=1MB", "adagrad.limits.max-elements=1000" })
class ServerRefusalTest {

	private static final String STEP = json("{'parameter':1,'grad':1,'G':1}");

	private static final int LIMIT = 1024 * 1024;

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	@ParameterizedTest
	@CsvSource({ "GET,/nope,404,not-found", "POST,/nope,404,not-found", "GET,/error,404,not-found",
			"GET,/adagrad,404,not-found", "GET,/adagrad/step/,404,not-found", "GET,/problems/nope,404,not-found",
			"GET,/adagrad/step,405,method-not-allowed", "DELETE,/adagrad/step,405,method-not-allowed",
			"PUT,/actuator/health,405,method-not-allowed", "BREW,/adagrad/step,405,method-not-allowed",
			"GET,/actuator/health/nope,404,not-found", "GET,/actuator/nope,404,not-found" })
	void pathsAndMethods(String method, String path, int status, String code) {
		Answer answer = this.client.send(method, path, "");
		assertThat(answer.status()).as(answer.body()).isEqualTo(status);
		assertThat(answer.problemCode()).isEqualTo(code);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/adagrad/step | POST, OPTIONS", "/adagrad/sessions | GET, HEAD, POST, OPTIONS",
					"/adagrad/sessions/a | GET, HEAD, PUT, DELETE, OPTIONS", "/adagrad/sessions/a/step | POST, OPTIONS",
					"/adagrad/sessions/a/state | GET, HEAD, PUT, OPTIONS",
					"/adagrad/sessions/a/state/lookup | POST, OPTIONS", "/ | GET, HEAD, OPTIONS",
					"/problems | GET, HEAD, OPTIONS", "/problems/not-found | GET, HEAD, OPTIONS",
					"/v3/api-docs | GET, HEAD, OPTIONS", "/swagger-ui/index.html | GET, HEAD, OPTIONS",
					"/actuator/health | GET, HEAD, OPTIONS" })
	void allowNamesEveryMethodOfAResource(String path, String allow) {
		List<String> allowed = List.of(allow.split(", "));
		for (String method : List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")) {
			Answer answer = this.client.send(method, path, "");
			if (allowed.contains(method)) {
				assertThat(answer.status()).as(method).isNotIn(405, 500, 501);
			}
			else {
				assertThat(answer.status()).as(method).isEqualTo(405);
				assertThat(answer.header("Allow")).as(method).isEqualTo(allow);
			}
		}
		assertThat(this.client.send("OPTIONS", path, "").header("Allow").split(", ?"))
			.containsExactlyInAnyOrderElementsOf(allowed);
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/xml", "application/octet-stream",
			"application/json;charset=ISO-8859-1", "application/vnd.api+json", "multipart/form-data" })
	void otherContentTypes(String contentType) {
		Answer answer = this.client.send("POST", "/adagrad/step", STEP, "Content-Type", contentType);
		assertThat(answer.status()).as(answer.body()).isEqualTo(415);
		assertThat(answer.problemCode()).isEqualTo("unsupported-media-type");
		assertThat(answer.header("Accept")).contains("application/json");
	}

	@Test
	void noContentType() {
		Answer answer = this.client.send("POST", "/adagrad/step", STEP);
		assertThat(answer.status()).isEqualTo(415);
		assertThat(answer.header("Accept")).contains("application/json");
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json", "application/json;charset=UTF-8", "Application/JSON; charset=utf-8" })
	void jsonByAnyOfItsNames(String contentType) {
		assertThat(this.client.send("POST", "/adagrad/step", STEP, "Content-Type", contentType).status())
			.isEqualTo(200);
	}

	@Test
	void aCompressedBody() {
		Answer answer = this.client.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json",
				"Content-Encoding", "gzip");
		assertThat(answer.header("Accept-Encoding")).isEqualTo("identity");
		assertThat(answer.status()).isEqualTo(415);
		assertThat(answer.problemCode()).isEqualTo("unsupported-media-type");
		assertThat(this.client
			.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "Content-Encoding", "identity")
			.status()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/xml", "text/html", "text/plain;q=0.5, image/*", "application/json;q=0",
			"*/*;q=0" })
	void otherAccepts(String accept) {
		Answer answer = this.client.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "Accept",
				accept);
		assertThat(answer.status()).as(answer.body()).isEqualTo(406);
		assertThat(answer.problemCode()).isEqualTo("not-acceptable");
	}

	@ParameterizedTest
	@ValueSource(strings = { "*/*", "application/*", "application/json", "text/html, */*;q=0.1" })
	void acceptsThatLeaveAChoice(String accept) {
		Answer answer = this.client.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "Accept",
				accept);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).isEqualTo("application/json");
	}

	@ParameterizedTest
	@CsvSource({ "/step, /adagrad/step", "/adagrad/steps, /adagrad/step", "/adagrad/step/, /adagrad/step",
			"/api/adagrad/step, /adagrad/step", "/adagrad//step, /adagrad/step", "/Adagrad/Step, /adagrad/step",
			"/adagrad/session, /adagrad/sessions", "/adagrad/sessions/, /adagrad/sessions",
			"/adagrad/sessions/a/steps, /adagrad/sessions/a/step",
			"/adagrad/session/a/state, /adagrad/sessions/a/state", "/sessions/a/step, /adagrad/sessions/a/step",
			"/adagrad/sessions/a/state/look-up, /adagrad/sessions/a/state/lookup", "/docs, /swagger-ui.html",
			"/swagger-ui, /swagger-ui.html", "/openapi.json, /v3/api-docs", "/health, /actuator/health",
			"/metrics, /actuator/prometheus" })
	void aPathNearAKnownOneSuggestsIt(String path, String meant) {
		Answer answer = this.client.get(path);
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.problemCode()).isEqualTo("not-found");
		assertThat(answer.json().get("detail").asString())
			.isEqualTo("there is nothing at " + path + "; did you mean " + meant + "?");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/adagrad", "/x", "/a/b/c/d/e/f/g", "/adagrad/adam", "/favicon.png" })
	void aPathFarFromAllSuggestsNone(String path) {
		assertThat(this.client.get(path).json().get("detail").asString()).isEqualTo("there is nothing at " + path);
	}

	@Test
	void errorsAreProblemsWhateverIsAccepted() {
		Answer answer = this.client.send("POST", "/adagrad/step", "{", "Content-Type", "application/json", "Accept",
				"application/json");
		assertThat(answer.problemCode()).isEqualTo("malformed-body");
	}

	@ParameterizedTest
	@CsvSource({ "Content-Type,nonsense", "Accept,nonsense", "Content-Type,a/b/c" })
	void headersThatCannotBeRead(String name, String value) {
		Answer answer = this.client.send("POST", "/adagrad/step", STEP, name.equals("Accept")
				? new String[] { "Content-Type", "application/json", name, value } : new String[] { name, value });
		assertThat(answer.status()).as(answer.body()).isEqualTo(400);
		assertThat(answer.problemCode()).isEqualTo("malformed-header");
		assertThat(answer.json().get("detail").asString()).contains(name).contains(value);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /a%2fb HTTP/1.1\r\nHost: localhost\r\n", "GET /a%5cb HTTP/1.1\r\nHost: localhost\r\n",
			"GET /a\"b HTTP/1.1\r\nHost: localhost\r\n", "G@T / HTTP/1.1\r\nHost: localhost\r\n", "GET / HTTP/1.1\r\n",
			"GET / HTTP/1.1\r\nHost: a b\r\n", "GET /%00 HTTP/1.1\r\nHost: localhost\r\n",
			"GET /%zz HTTP/1.1\r\nHost: localhost\r\n", "GET /;a=%2f/../x HTTP/1.1\r\nHost: localhost\r\n",
			"GET / HTTP/9.9\r\nHost: localhost\r\n",
			"POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n",
			"POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nExpect: nonsense\r\n",
			"POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n",
			"POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n" })
	void badRequestLinesAndHeaders(String head) throws IOException {
		assertProblem(raw(head + "Connection: close\r\n\r\n"), 400, "malformed-header");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/adagrad/step", "/nope", "/", "/problems" })
	void aCharsetThatIsNone(String path) throws IOException {
		for (String charset : List.of("bogus", "'utf-8'", "", "%zz", "\"")) {
			for (String method : List.of("GET", "POST", "PUT")) {
				String answer = raw(
						method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json;charset="
								+ charset + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
				assertThat(answer).as(charset + method).matches("(?s)HTTP/1.1 [234].*");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/health?a=%zz", "/actuator/prometheus?includedNames=%zz",
			"/swagger-ui.html?x=%zz", "/adagrad/step?%zz", "//" })
	void aQueryThatIsNone(String path) throws IOException {
		assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
			.matches("(?s)HTTP/1.1 [234].*");
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "PUT", "PATCH", "DELETE" })
	void aFormThatIsNone(String method) {
		Answer answer = this.client.send(method, "/adagrad/step", "%zz", "Content-Type",
				"application/x-www-form-urlencoded");
		assertThat(answer.status()).isEqualTo(method.equals("POST") ? 415 : 405);
	}

	@Test
	void aSecondContentEncoding() {
		Answer answer = this.client.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json",
				"Content-Encoding", "identity", "Content-Encoding", "gzip");
		assertThat(answer.problemCode()).isEqualTo("unsupported-media-type");
		assertThat(this.client
			.send("POST", "/adagrad/step", STEP, "Content-Type", "application/json", "Content-Encoding",
					"identity, identity")
			.status()).isEqualTo(200);
	}

	@Test
	void aClientThatReadsOnlyWhenAllIsSentLearnsWhy() throws IOException {
		byte[] body = " ".repeat(16 * LIMIT).getBytes(StandardCharsets.US_ASCII);
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(30_000);
			OutputStream out = socket.getOutputStream();
			out.write(
					("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
							+ body.length + "\r\nConnection: close\r\n\r\n")
						.getBytes(StandardCharsets.US_ASCII));
			out.write(body);
			assertProblem(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8), 413, "too-large");
		}
	}

	@Test
	void anOverlongUrl() throws IOException {
		assertProblem(raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
				400, "malformed-header");
	}

	@Test
	void trace() throws IOException {
		String answer = raw("TRACE /adagrad/step HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
		assertProblem(answer, 405, "method-not-allowed");
		assertThat(answer).contains("Allow:");
	}

	@Test
	void brokenChunks() throws IOException {
		assertProblem(raw("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
				+ "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n"), 400, "malformed-body");
	}

	@Test
	void aBodyThatEndsEarly() throws IOException {
		assertProblem(raw("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
				+ "Content-Length: 100\r\nConnection: close\r\n\r\n{\n "), 400, "malformed-body");
	}

	private String raw(String request) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(30_000);
			OutputStream out = socket.getOutputStream();
			out.write(request.getBytes(StandardCharsets.ISO_8859_1));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	private static void assertProblem(String answer, int status, String code) {
		assertThat(answer).startsWith("HTTP/1.1 " + status).containsIgnoringCase("application/problem+json");
		String body = answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1);
		JsonNode problem = JsonMapper.builder().build().readTree(body);
		assertThat(problem.get("code").asString()).isEqualTo(code);
		assertThat(problem.get("type").asString()).isEqualTo("/problems/" + code);
		if (code.equals("malformed-body")) {
			assertThat(problem.path("line").asInt()).isPositive();
			assertThat(problem.path("column").asInt()).isPositive();
		}
		assertThat(answer).doesNotContain("Exception").doesNotContain("apache").doesNotContain("<html");
	}

	@Test
	void anAnnouncedBodyBeyondTheLimit() {
		Answer answer = this.client.send("POST", "/adagrad/step", " ".repeat(LIMIT + 1), "Content-Type",
				"application/json");
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problemCode()).isEqualTo("too-large");
		assertThat(answer.json().get("limit").asLong()).isEqualTo(LIMIT);
	}

	@Test
	void aChunkedBodyBeyondTheLimit() {
		Answer answer = this.client.send("POST", "/adagrad/step", BodyPublishers.ofInputStream(() -> blanks(LIMIT + 1)),
				"Content-Type", "application/json");
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problemCode()).isEqualTo("too-large");
	}

	@Test
	void aBodyAtTheLimit() {
		String body = STEP + " ".repeat(LIMIT - STEP.length());
		assertThat(this.client.send("POST", "/adagrad/step", body, "Content-Type", "application/json").status())
			.isEqualTo(200);
	}

	@Test
	void aClientThatAsksFirstIsSparedTheUpload() throws IOException {
		String answer = raw("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
				+ "Content-Length: " + (LIMIT + 1) + "\r\nExpect: 100-continue\r\n\r\n");
		assertProblem(answer, 413, "too-large");
	}

	@Test
	void anArrayBeyondTheLimit() {
		String array = "[" + "1,".repeat(1000) + "1]";
		Answer answer = this.client.step(json("{'parameter':" + array + "}"));
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problemCode()).isEqualTo("too-large");
		assertThat(answer.json().get("limit").asLong()).isEqualTo(1000);
	}

	private static InputStream blanks(int size) {
		return new SequenceInputStream(Collections.enumeration(IntStream.range(0, 64)
			.mapToObj((i) -> new ByteArrayInputStream(" ".repeat(size / 64 + 1).getBytes(StandardCharsets.US_ASCII)))
			.toList()));
	}

	@ParameterizedTest
	@EnumSource(Code.class)
	void everyTypeOpensAsAPage(Code problem) {
		Answer page = this.client.get("/problems/" + problem.code(), "Accept", "text/html");
		assertThat(page.status()).isEqualTo(200);
		assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
		assertThat(page.body()).contains(problem.code()).contains("What to do");
		assertThat(this.client.get("/problems").body()).contains(problem.code());
	}

}
