package dev.adagrad.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Who sends a large body that is refused before it is read learns why, whatever it speaks, and whether or not it reads
/// before it has sent all.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "adagrad.limits.max-request-size=1MB", "adagrad.limits.grace=2s",
				"adagrad.limits.min-rate=1MB" })
@Timeout(120)
class UnreadBodyTest {

	private static final int LARGE = 20 * 1024 * 1024;

	private static final String STEP = json("{'parameter':1,'grad':0.5,'G':0}");

	private static final String REFUSALS = """
			POST, /nope, application/json, */*, 404
			PUT, /adagrad/step, application/json, */*, 405
			POST, /adagrad/step, application/json, text/html, 406
			POST, /adagrad/step, application/json, */*, 413
			POST, /adagrad/step, text/plain, */*, 415
			POST, /adagrad/step, nonsense, */*, 400
			GET, /actuator/health/nope, application/json, */*, 404
			POST, /a%2fb, application/json, */*, 400
			GET, /problems, application/json, */*, 200""";

	@LocalServerPort
	private int port;

	@ParameterizedTest
	@CsvSource(textBlock = REFUSALS)
	void whoSendsAllBeforeItReadsIsAnswered(String method, String path, String contentType, String accept, int status)
			throws IOException {
		for (String version : new String[] { "1.1", "1.0" }) {
			try (Socket socket = connect()) {
				OutputStream out = socket.getOutputStream();
				out.write(head(method, path, version, contentType, accept, LARGE));
				out.write(new byte[LARGE]);
				assertThat(answer(socket)).startsWith("HTTP/1.1 " + status);
			}
		}
	}

	/// As nginx does, whose answers come over HTTP/1.0: it has the answer where its
	/// length is told, and waits for the end of the connection where it is not.
	@ParameterizedTest
	@CsvSource(textBlock = REFUSALS)
	void whoReadsBeforeItHasSentAllIsAnsweredAtOnce(String method, String path, String contentType, String accept,
			int status) throws IOException {
		try (Socket socket = connect()) {
			OutputStream out = socket.getOutputStream();
			out.write(head(method, path, "1.0", contentType, accept, LARGE));
			out.write(new byte[100_000]);
			long start = System.nanoTime();
			assertThat(answer(socket)).startsWith("HTTP/1.1 " + status);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
		}
	}

	@Test
	void aBodyThatIsRefusedForWhatItHoldsIsReadToo() throws IOException {
		for (String body : new String[] { "{", json("{'parameter':'x'}") }) {
			try (Socket socket = connect()) {
				OutputStream out = socket.getOutputStream();
				out.write(head("POST", "/adagrad/step", "1.1", "application/json", "*/*", 1_000_000));
				out.write(body.getBytes(StandardCharsets.US_ASCII));
				out.write("}".repeat(1_000_000 - body.length()).getBytes(StandardCharsets.US_ASCII));
				assertThat(answer(socket)).startsWith("HTTP/1.1 4");
			}
		}
	}

	@Test
	void aConnectionGoesOnAfterABodyThatWasNotRead() throws IOException {
		try (Socket socket = connect()) {
			OutputStream out = socket.getOutputStream();
			for (int i = 0; i < 3; i++) {
				out.write(head("POST", "/nope", "1.1", "application/json", "*/*", 2_000_000));
				out.write(new byte[2_000_000]);
				assertThat(answer(socket)).startsWith("HTTP/1.1 404");
			}
			out.write(head("POST", "/adagrad/step", "1.1", "application/json", "*/*", STEP.length()));
			out.write(STEP.getBytes(StandardCharsets.US_ASCII));
			assertThat(answer(socket)).contains("0.9900000002");
		}
	}

	@Test
	void chunksToo() throws IOException {
		try (Socket socket = connect()) {
			OutputStream out = socket.getOutputStream();
			out.write("POST /nope HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
				.getBytes(StandardCharsets.US_ASCII));
			byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
			for (int i = 0; i < 100; i++) {
				out.write(chunk);
			}
			out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(answer(socket)).startsWith("HTTP/1.1 404");
		}
	}

	/// One that is too slow, and one that comes to a halt.
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whoNeverEndsIsNotWaitedFor(boolean goesOn) throws IOException {
		try (Socket socket = connect()) {
			OutputStream out = socket.getOutputStream();
			out.write(head("POST", "/nope", "1.1", "application/json", "*/*", LARGE));
			assertThat(answer(socket)).startsWith("HTTP/1.1 404");
			long start = System.nanoTime();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
				socket.setSoTimeout(50);
				while (Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofSeconds(15)) < 0) {
					if (goesOn) {
						out.write(0);
					}
					requireOpen(socket);
				}
			}).isInstanceOf(Ended.class);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(1500),
					Duration.ofSeconds(10));
		}
		assertThat(new TestClient(this.port).step(STEP).status()).isEqualTo(200);
	}

	private static void requireOpen(Socket socket) throws IOException {
		try {
			if (socket.getInputStream().read() < 0) {
				throw new Ended();
			}
		}
		catch (SocketTimeoutException ex) {
			// still open
		}
		catch (SocketException ex) {
			throw new Ended();
		}
	}

	@ParameterizedTest
	@CsvSource({ "POST, /nope, 404", "PUT, /adagrad/step, 405", "POST, /adagrad/nope, 404",
			"POST, /adagrad/step, 413" })
	void whoAsksFirstIsToldOfThePathThenOfTheMethodThenOfTheSize(String method, String path, int status)
			throws IOException {
		try (Socket socket = connect()) {
			socket.getOutputStream()
				.write((method + " " + path
						+ " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + LARGE
						+ "\r\nExpect: 100-continue\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			long start = System.nanoTime();
			assertThat(answer(socket)).startsWith("HTTP/1.1 " + status);
			assertThat(socket.getInputStream().read()).isNegative();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
		}
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port);
		socket.setSoTimeout(30_000);
		return socket;
	}

	private static byte[] head(String method, String path, String version, String contentType, String accept,
			int length) {
		return (method + " " + path + " HTTP/" + version + "\r\nHost: localhost\r\nContent-Type: " + contentType
				+ "\r\nAccept: " + accept + "\r\nContent-Length: " + length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
	}

	/// Reads an answer by its length, which it must have.
	private static String answer(Socket socket) throws IOException {
		InputStream in = socket.getInputStream();
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			int next = in.read();
			assertThat(next).as("%s", head).isNotNegative();
			head.append((char) next);
		}
		int length = head.toString()
			.lines()
			.filter((line) -> line.startsWith("Content-Length: "))
			.mapToInt((line) -> Integer.parseInt(line.substring("Content-Length: ".length())))
			.findFirst()
			.orElse(-1);
		assertThat(length).as("%s", head).isNotNegative();
		return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
	}

	private static final class Ended extends IOException {

	}

}
