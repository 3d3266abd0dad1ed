package dev.adagrad.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import dev.adagrad.RunningService;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Whatever a client sends in whichever header, to whichever kind of path: it is answered, never with a 5xx, and the log
/// stays silent.
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class HostileRequestTest {

	private static final int AT_ONCE = 8;

	private static final int PATIENCE_MILLIS = 30_000;

	private static final RunningService PLAIN = RunningService.start();

	private static final RunningService BEHIND_A_PROXY = RunningService
		.start("--server.forward-headers-strategy=framework");

	private static final String STEP = json("{'parameter':1,'grad':1,'G':1}");

	private static final List<String> REQUESTS = List.of("POST /adagrad/step", "GET /adagrad/sessions",
			"PUT /adagrad/sessions/hostile", "GET /adagrad/sessions/hostile/state", "GET /v3/api-docs",
			"GET /v3/api-docs/swagger-config", "GET /swagger-ui/index.html", "GET /swagger-ui.html", "GET /problems",
			"GET /actuator/health", "GET /actuator/prometheus", "GET /nope", "GET /");

	/// Bad in any header.
	private static final List<String> VALUES = List.of("", "\"", ",", ";=;", "*", "%zz", "\u007f", "\u00ff\u00fe",
			"a".repeat(6000), "\"unclosed", "-1", "99999999999999999999", "NaN", "http://[::1", "a b", "W/\"", "q=");

	private static final Map<String, List<String>> HEADERS = headers();

	private static Map<String, List<String>> headers() {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		headers.put("Accept-Language", List.of("a,b,c,d,e,f,g,h,i,j,k", "en;q=0.1,".repeat(500) + "de", "de_DE"));
		headers.put("Accept", List.of("application/json;charset=bogus", "*/json", "*/*;q=NaN", "a/b,".repeat(1000)));
		headers.put("Accept-Charset", List.of("bogus"));
		headers.put("Accept-Encoding", List.of("gzip;q=x"));
		headers.put("Content-Type",
				List.of("application/json;charset=bogus", "application/json;;;", "*/*", "multipart/form-data",
						"application/x-www-form-urlencoded", "application/vnd.safetensors;charset=bogus"));
		headers.put("Content-Disposition", List.of("attachment; filename*=utf-8''%zz"));
		headers.put("Content-Encoding", List.of("gzip"));
		headers.put("Cookie", List.of("a=b;".repeat(1500), "$Version=1; a=b", "JSESSIONID=a"));
		headers.put("Range", List.of("bytes=5-2", "bytes=0-0" + ",1-1".repeat(500), "bytes=a-b", "bytes=-"));
		headers.put("If-Range", List.of());
		headers.put("If-Modified-Since", List.of("Thu, 99 Foo 1970"));
		headers.put("If-Unmodified-Since", List.of("Thu, 99 Foo 1970"));
		headers.put("If-None-Match", List.of("\"a\",".repeat(1000)));
		headers.put("If-Match", List.of());
		headers.put("Idempotency-Key", List.of());
		headers.put("Prefer", List.of("return=minimal;", "return"));
		headers.put("Origin", List.of("http://[", "null", "http://x:99999999", "http://x:-1"));
		headers.put("Authorization", List.of("Basic !!!", "Bearer"));
		headers.put("Host", List.of("[", "a:b", "x:99999999", "a@b", "a,b"));
		headers.put("Expect", List.of("100-continue", "100-continue, x"));
		headers.put("TE", List.of("trailers"));
		headers.put("Transfer-Encoding", List.of("identity", "gzip", "gzip, chunked"));
		headers.put("Content-Length", List.of("abc", "+5", "5,5"));
		headers.put("Upgrade", List.of("h2c", "websocket"));
		headers.put("HTTP2-Settings", List.of("AAMAAABkAAQAAP__"));
		headers.put("Connection", List.of("Upgrade, HTTP2-Settings"));
		headers.put("Forwarded", List.of("for=\"", "proto=bogus;host=[", "host=a:b:c", "host=\"a:99999999\"",
				"for=1.2.3.4:abc", "for=\"[\"", ",,"));
		headers.put("X-Forwarded-For", List.of("a:b:c", "1.2.3.4:x", "[", ",,"));
		headers.put("X-Forwarded-Host", List.of("a:b", "a:99999999", "[::1", "a/b", "a@b", ":80", ",,"));
		headers.put("X-Forwarded-Port", List.of("abc", "99999999", ",,"));
		headers.put("X-Forwarded-Proto", List.of("bogus", "a b", ",,"));
		headers.put("X-Forwarded-Prefix", List.of("/a/../b", "//x", "/a b", "/a%", "/a?b", "x", "/a,/b", "/;x"));
		headers.put("traceparent", List.of("00-zz"));
		headers.put("a b", List.of("x"));
		return headers;
	}

	private static final List<String> PATHS = List.of("/a%2fb", "/a%5cb", "/;x", "/a;b=c/d", "/../x", "/%2e%2e/x",
			"/..%2f", "//x", "///", "/%00", "/%01", "/\u0001", "/%7f", "/%ff", "/%c0%af", "/%zz", "/%", "/a b",
			"/" + "a".repeat(9000), "/" + "a/".repeat(3000), "/a|b", "/{x}", "/[x]", "/a\\b", "/WEB-INF/web.xml",
			"/META-INF/MANIFEST.MF", "/webjars/../x", "/swagger-ui/../../../x", "/swagger-ui/%2e%2e/x",
			"/swagger-ui/..;/x", "/swagger-ui//index.html", "/swagger-ui/WEB-INF/x",
			"/swagger-ui/url:file:///etc/passwd", "/swagger-ui/%25%32%65%25%32%65/x", "/problems/..", "/problems/%0a",
			"/problems/" + "x".repeat(5000), "/adagrad/sessions/..", "/adagrad/sessions/%2e%2e",
			"/adagrad/sessions/a%0ab", "/adagrad/sessions//step", "/adagrad/sessions/%F0%9F%92%A9", "/actuator/..",
			"/actuator/env", "/actuator/health/%2e", "/error", "/?" + "a=b&".repeat(1500), "/v3/api-docs/x", "*",
			"http://evil/x", "https://", "x", "/x?%zz=%zz", "/#x", "/\u00e4");

	private CapturedOutput log;

	@BeforeEach
	void capture(CapturedOutput log) {
		this.log = log;
	}

	@AfterAll
	static void stop() {
		PLAIN.close();
		BEHIND_A_PROXY.close();
	}

	static Stream<String> names() {
		return HEADERS.keySet().stream();
	}

	@ParameterizedTest
	@MethodSource("names")
	void headers(String name) throws ExecutionException, InterruptedException {
		assertHarmless(PLAIN, heads(name));
	}

	static Stream<String> forwarding() {
		return names().filter((name) -> name.contains("orward") || name.equals("Host") || name.equals("Origin"));
	}

	@ParameterizedTest
	@MethodSource("forwarding")
	void headersOfAProxyThatIsBelieved(String name) throws ExecutionException, InterruptedException {
		assertHarmless(BEHIND_A_PROXY, heads(name));
	}

	private static List<String> heads(String name) {
		List<String> heads = new ArrayList<>();
		for (String request : REQUESTS) {
			for (String value : Stream.concat(VALUES.stream(), HEADERS.get(name).stream()).toList()) {
				heads.add(head(request, name, value));
			}
		}
		return heads;
	}

	private static String head(String request, String name, String value) {
		StringBuilder head = new StringBuilder(request).append(" HTTP/1.1\r\n");
		Map<String, String> others = Map.of("Host", "x", "Content-Type", "application/json", "Content-Length",
				String.valueOf(STEP.length()), "Connection", "close");
		others.forEach((other, otherValue) -> {
			if (!other.equals(name) && !(other.equals("Content-Length") && name.equals("Transfer-Encoding"))) {
				head.append(other).append(": ").append(otherValue).append("\r\n");
			}
		});
		return head.append(name).append(": ").append(value).append("\r\n\r\n").append(STEP).toString();
	}

	@Test
	void aPreflight() throws ExecutionException, InterruptedException {
		List<String> heads = new ArrayList<>();
		for (String name : List.of("Access-Control-Request-Method", "Access-Control-Request-Headers", "Origin")) {
			for (String value : VALUES) {
				for (String request : REQUESTS) {
					String path = request.substring(request.indexOf('/'));
					heads.add("OPTIONS " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
							+ (name.equals("Origin") ? "" : "Origin: https://x.example\r\n")
							+ (name.endsWith("Method") ? "" : "Access-Control-Request-Method: POST\r\n") + name + ": "
							+ value + "\r\n\r\n");
				}
			}
		}
		assertHarmless(PLAIN, heads);
	}

	@Test
	void paths() throws ExecutionException, InterruptedException {
		List<String> heads = new ArrayList<>();
		for (String path : PATHS) {
			for (String method : List.of("GET", "POST", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")) {
				heads.add(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
			}
		}
		assertHarmless(PLAIN, heads);
		assertHarmless(BEHIND_A_PROXY, heads);
	}

	@Test
	void bodiesWhereNoneBelongs() throws ExecutionException, InterruptedException {
		List<String> requests = new ArrayList<>();
		for (String request : REQUESTS) {
			for (String body : List.of("{", "[1]", "1", "null", "\u0000\u0000", json("{'a':{'b':1}}"), "\u00ff")) {
				for (String method : List.of("GET", "HEAD", "DELETE", "OPTIONS")) {
					requests.add(method + request.substring(request.indexOf(' '))
							+ " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
							+ body.length() + "\r\n\r\n" + body);
				}
			}
		}
		assertHarmless(PLAIN, requests);
	}

	@Test
	void tlsToThePlainPort() throws ExecutionException, InterruptedException {
		assertHarmless(PLAIN, List.of("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003".repeat(20)));
	}

	private void assertHarmless(RunningService service, List<String> requests)
			throws ExecutionException, InterruptedException {
		try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
			List<Future<String>> answers = requests.stream()
				.map((request) -> threads.submit(() -> send(service.port(), request)))
				.toList();
			for (int i = 0; i < answers.size(); i++) {
				String request = requests.get(i).substring(0, Math.min(300, requests.get(i).length()));
				assertThat(answers.get(i).get()).as(request)
					.matches("(?s)((HTTP/1.1 100 \r\n\r\n)?HTTP/1.1 [234]\\d\\d .*)?");
			}
		}
		assertThat(new TestClient(service.port()).step(STEP).status()).isEqualTo(200);
		assertThat(this.log.toString()).doesNotContain(" WARN ", " ERROR ", "\n\tat ");
	}

	private static String send(int port, String request) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(PATIENCE_MILLIS);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			socket.shutdownOutput();
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
		}
	}

}
