package dev.adagrad.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.adagrad.Http2Connection;
import dev.adagrad.LongTest;
import dev.adagrad.RunningService;
import dev.adagrad.TestClient;
import dev.adagrad.TlsKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// HTTP/2 where it is switched on: by prior knowledge and by ALPN, never by an upgrade. Good clients keep their connections,
/// hostile ones do no harm.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "server.http2.enabled=true", "adagrad.limits.max-request-size=1MB" })
@Timeout(120)
class Http2Test {

	private static final String STEP = json("{'parameter':1,'grad':0.5,'G':0}");

	private static final String STEPPED = json("{'parameter':0.9900000002,'G':0.25}");

	/// A body of about 1 MB.
	private static final int SIZE = 150_000;

	private static final byte[] LARGE = new byte[2 * 1024 * 1024];

	@LocalServerPort
	private int port;

	@TempDir
	private static Path folder;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anUpgradeIsIgnored(boolean withBody) throws IOException {
		String body = withBody ? STEP : "";
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream()
				.write(((withBody ? "POST /adagrad/step" : "GET /problems") + " HTTP/1.1\r\nHost: localhost\r\n"
						+ "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
						+ "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
					.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answer).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("upgrade");
		}
	}

	@Test
	void javasOwnClientWhichAsksForAnUpgradeIsAnsweredOverHttp11() throws IOException, InterruptedException {
		try (HttpClient client = HttpClient.newBuilder().version(Version.HTTP_2).build()) {
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/problems"))
				.build();
			HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(answer.version()).isEqualTo(Version.HTTP_1_1);
		}
	}

	@Test
	void whoKnowsOfItUsesIt() throws IOException {
		try (Http2Connection connection = new Http2Connection(this.port)) {
			assertThat(step(connection)).isEqualTo(STEPPED);
			assertThat(step(connection, ":scheme", "https")).as("as behind a proxy that ends TLS").isEqualTo(STEPPED);
		}
	}

	private static String step(Http2Connection connection, String... headers) throws IOException {
		String[] all = Stream.concat(Stream.of(headers), Stream.of("content-type", "application/json"))
			.toArray(String[]::new);
		int stream = connection.request("POST", "/adagrad/step", false, all);
		connection.body(stream, STEP.getBytes(StandardCharsets.US_ASCII));
		return connection.answer(stream);
	}

	@Test
	void switchedOffNobodyUsesIt() throws IOException {
		try (RunningService service = RunningService.start();
				Http2Connection connection = new Http2Connection(service.port())) {
			assertThat(connection.isEnded()).isTrue();
		}
	}

	@Test
	void severalLargeBodiesAtOnceOverTls() throws IOException, InterruptedException, GeneralSecurityException {
		largeBodiesOverTls(1);
	}

	@LongTest
	@Test
	void severalLargeBodiesAtOnceAgainAndAgain() throws IOException, InterruptedException, GeneralSecurityException {
		largeBodiesOverTls(5);
	}

	private static void largeBodiesOverTls(int rounds)
			throws IOException, InterruptedException, GeneralSecurityException {
		TlsKeys keys = TlsKeys.in(folder);
		String[] settings = Stream.concat(Stream.of(keys.settings()), Stream.of("--server.http2.enabled=true"))
			.toArray(String[]::new);
		try (RunningService service = RunningService.start(settings); HttpClient client = keys.client()) {
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("https://localhost:" + service.port() + "/adagrad/step"))
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString(body()))
				.build();
			for (int round = 0; round < rounds; round++) {
				List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 4)
					.mapToObj((i) -> client.sendAsync(request, BodyHandlers.ofString()))
					.toList();
				for (CompletableFuture<HttpResponse<String>> answer : answers) {
					assertThat(answer.join().version()).isEqualTo(Version.HTTP_2);
					assertStepped(answer.join().body());
				}
			}
		}
	}

	private static String body() {
		String zeros = "[" + "0,".repeat(SIZE - 1) + "0]";
		String ones = "[" + "1,".repeat(SIZE - 1) + "1]";
		return json("{'parameter':" + zeros + ",'grad':" + ones + ",'G':" + zeros + ",'epsilon':0}");
	}

	private static void assertStepped(String answer) {
		assertThat(answer).startsWith(json("{'parameter':[-0.01,-0.01,")).endsWith(",1.0,1.0]}");
	}

	/// What is left of a window may be any number of bytes, time and again.
	@ParameterizedTest
	@ValueSource(ints = { 2, 7, 100, 1000 })
	void bodiesInSmallFrames(int perFrame) throws IOException {
		byte[] body = (STEP + " ".repeat(20_000)).getBytes(StandardCharsets.US_ASCII);
		try (Http2Connection connection = new Http2Connection(this.port)) {
			for (int i = 0; i < 5; i++) {
				int stream = connection.request("POST", "/adagrad/step", false, "content-type", "application/json");
				connection.body(stream, body, perFrame);
				assertThat(connection.answer(stream)).isEqualTo(STEPPED);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "POST,/nope,application/json,*/*,404", "PUT,/adagrad/step,application/json,*/*,405",
			"POST,/adagrad/step,application/json,text/html,406", "POST,/adagrad/step,application/json,*/*,413",
			"POST,/adagrad/step,text/plain,*/*,415", "POST,/adagrad/step,nonsense,*/*,400" })
	void refusalsBeforeTheBodyIsReadLeaveTheConnectionAlone(String method, String path, String contentType,
			String accept, int status) throws IOException {
		try (Http2Connection connection = new Http2Connection(this.port)) {
			int open = connection.request("POST", "/adagrad/step", false, "content-type", "application/json");
			for (int i = 0; i < 20; i++) {
				int refused = connection.request(method, path, false, "content-type", contentType, "accept", accept,
						"content-length", String.valueOf(LARGE.length));
				connection.body(refused, LARGE);
				assertThat(connection.answer(refused)).contains(json("'status':" + status));
			}
			connection.body(open, STEP.getBytes(StandardCharsets.US_ASCII));
			assertThat(connection.answer(open)).isEqualTo(STEPPED);
		}
	}

	@ParameterizedTest
	@EnumSource
	void aFloodHarmsNobodyElse(Flood flood) throws IOException {
		TestClient other = new TestClient(this.port);
		try (Http2Connection connection = new Http2Connection(this.port)) {
			try {
				for (int i = 0; i < 20_000; i++) {
					flood.send(connection, i);
					if (i % 5000 == 0) {
						assertPrompt(other);
					}
				}
			}
			catch (IOException ex) {
				// the server has ended the connection in the middle
			}
			assertPrompt(other);
			assertThat(connection.isEnded()).isTrue();
		}
		assertPrompt(other);
	}

	private static void assertPrompt(TestClient client) {
		long start = System.nanoTime();
		assertThat(client.step(STEP).body()).isEqualTo(STEPPED);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	/// What costs the client nothing.
	enum Flood {

		RESET {
			@Override
			void send(Http2Connection connection, int i) throws IOException {
				int stream = connection.request("POST", "/adagrad/step", false, "content-type", "application/json");
				connection.frame(Http2Connection.RST_STREAM, 0, stream, new byte[4]);
			}
		},
		EMPTY_DATA {
			@Override
			void send(Http2Connection connection, int i) throws IOException {
				begin(connection, i);
				connection.frame(Http2Connection.DATA, 0, 1, new byte[0]);
			}
		},
		PING {
			@Override
			void send(Http2Connection connection, int i) throws IOException {
				connection.frame(Http2Connection.PING, 0, 0, new byte[8]);
			}
		},
		SETTINGS {
			@Override
			void send(Http2Connection connection, int i) throws IOException {
				connection.frame(Http2Connection.SETTINGS, 0, 0,
						ByteBuffer.allocate(6).putShort((short) 3).putInt(i + 1).array());
			}
		},
		CONTINUATION {
			@Override
			void send(Http2Connection connection, int i) throws IOException {
				if (i == 0) {
					connection.frame(Http2Connection.HEADERS, 0, 1, new byte[0]);
				}
				connection.frame(Http2Connection.CONTINUATION, 0, 1, new byte[] { 0, 1, 'a', 1, 'b' });
			}
		},
		WINDOW_UPDATE {
			@Override
			void send(Http2Connection connection, int i) throws IOException {
				connection.frame(Http2Connection.WINDOW_UPDATE, 0, 0, new byte[] { 0, 0, 0, 1 });
			}
		};

		abstract void send(Http2Connection connection, int i) throws IOException;

		private static void begin(Http2Connection connection, int i) throws IOException {
			if (i == 0) {
				connection.request("POST", "/adagrad/step", false, "content-type", "application/json");
			}
		}

	}

}
