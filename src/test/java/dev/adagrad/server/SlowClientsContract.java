package dev.adagrad.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Clients that take their time: a second beyond a rate of 2 KB a second is what they have here, three seconds in all.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
abstract class SlowClientsContract {

	private static final String STEP = json("{'parameter':1,'grad':0,'G':1}");

	private static final String HEADER = "POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

	private static final JsonMapper JSON = JsonMapper.builder().build();

	private static final String[] SETTINGS = { "--adagrad.limits.grace=1s", "--adagrad.limits.min-rate=2KB",
			"--adagrad.limits.request-timeout=3s" };

	private ServiceProcess service;

	@BeforeAll
	void start() throws Exception {
		this.service = ServiceProcess.start(List.of("-Xmx128m"),
				Stream.concat(Stream.of(SETTINGS), Stream.of(settings())).toArray(String[]::new));
	}

	@AfterAll
	void stop() {
		this.service.close();
	}

	/// More settings of the service.
	abstract String[] settings() throws Exception;

	/// A client whose requests are complete and in time.
	abstract TestClient prompt(int port);

	/// What speaks over a socket as the service expects it.
	abstract Socket over(Socket connected) throws IOException;

	@Test
	void headersThatStopAre408() throws IOException {
		assertRefused("the header comes too slowly; nothing was changed", "GET /adagrad/sess",
				"GET /problems HTTP/1.1\r\nHost: ex",
				"POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n");
	}

	/// Sends all at once, so that they are waited for together.
	private void assertRefused(String detail, String... requests) throws IOException {
		List<Client> clients = new ArrayList<>();
		try {
			for (String request : requests) {
				Client client = new Client();
				clients.add(client);
				client.send(request);
			}
			for (Client client : clients) {
				client.assertRefused(detail);
			}
		}
		finally {
			for (Client client : clients) {
				client.close();
			}
		}
	}

	@Test
	void aHeaderThatNeverEndsIs408HoweverOftenAByteComes() throws IOException {
		try (Client client = new Client()) {
			client.send("GET /problems HTTP/1.1\r\nHost: localhost\r\n");
			long begun = System.nanoTime();
			Thread drips = client.drip("X");
			client.assertRefused("the header comes too slowly; nothing was changed");
			drips.interrupt();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(900),
					Duration.ofSeconds(10));
		}
	}

	@Test
	void behindAPrefixTheProblemOfAHeaderHasIt() {
		String refusal = new String(HeaderPatience.refusal("/optimizer"), StandardCharsets.US_ASCII);
		String body = refusal.substring(refusal.indexOf("\r\n\r\n") + 4);
		assertThat(body).startsWith(json("{'type':'/optimizer/problems/request-timeout',"));
		assertThat(refusal).contains("\r\nContent-Length: " + body.length() + "\r\n");
	}

	/// One after the other: the heap has no room for two that are so large.
	@ParameterizedTest
	@ValueSource(strings = { "Content-Length: 200000000\r\n\r\n{'grad':",
			"Transfer-Encoding: chunked\r\n\r\n8\r\n{'grad':\r\n" })
	void aBodyThatStopsIs408(String rest) throws IOException {
		assertRefused("the body comes too slowly; nothing was changed", HEADER + json(rest));
	}

	@Test
	void bodiesThatNeverBeginAre408() throws IOException {
		assertRefused("the body comes too slowly; nothing was changed", HEADER + "Content-Length: 29\r\n\r\n",
				HEADER + "Content-Length: 29\r\nExpect: 100-continue\r\n\r\n");
	}

	@Test
	void aBodyThatComesByteByByteIs408() throws IOException {
		try (Client client = new Client()) {
			client.send(HEADER + "Content-Length: 2000000\r\n\r\n");
			Thread drips = client.drip(" ");
			client.assertRefused("the body comes too slowly; nothing was changed");
			drips.interrupt();
		}
	}

	@Test
	void aBodyThatComesWithTheLeastRateIsWaitedForLongerThanTheGrace() throws IOException {
		try (Client client = new Client()) {
			int parts = 9;
			client.send(HEADER + "Content-Length: " + (parts * 1024 + STEP.length()) + "\r\n\r\n");
			for (int i = 0; i < parts; i++) {
				LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
				client.send(" ".repeat(1024));
			}
			client.send(STEP);
			assertThat(client.status()).isEqualTo(200);
		}
	}

	@Test
	void noRateIsWaitedForLongerThanTheBound() throws IOException {
		try (Client client = new Client()) {
			client.send(HEADER + "Content-Length: 200000000\r\n\r\n");
			long begun = System.nanoTime();
			Thread drips = client.drip(" ".repeat(2048));
			client.assertRefused("the body comes too slowly; nothing was changed");
			drips.interrupt();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(2500),
					Duration.ofSeconds(15));
		}
	}

	@Test
	void anAnswerThatIsNotTakenEnds() throws IOException {
		String array = "[0.1" + ",0.1".repeat(500_000) + "]";
		String body = json("{'parameter':" + array + ",'grad':" + array + ",'G':" + array
				+ ",'include':['update','effective_learning_rate']}");
		try (Client client = new Client()) {
			client.send(HEADER + "Content-Length: " + body.length() + "\r\n\r\n" + body);
			// the heap has room for one such step, and so for another one only when the
			// first has ended
			long begun = System.nanoTime();
			while (prompt(this.service.port()).step(body).status() != 200) {
				assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
				LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
			}
			assertThat(client.rest()).isLessThan(40_000_000L);
		}
	}

	@Test
	void whoAsksForNothingIsLeftInPeace() throws IOException {
		try (Client fresh = new Client(); Client kept = new Client()) {
			kept.send(HEADER + "Content-Length: " + STEP.length() + "\r\n\r\n" + STEP);
			assertThat(kept.status()).isEqualTo(200);
			LockSupport.parkNanos(Duration.ofMillis(2500).toNanos());
			kept.answer.skipNBytes(kept.contentLength());
			for (Client client : List.of(fresh, kept)) {
				client.send(HEADER + "Content-Length: " + STEP.length() + "\r\n\r\n" + STEP);
				assertThat(client.status()).isEqualTo(200);
			}
		}
	}

	/// More of them than there may be connections, 160 or fewer with this heap.
	@ParameterizedTest
	@ValueSource(strings = { "", "GET / HTT", "GET / HTTP/1.1\r\nHost: localhost\r\n" })
	void whoSendsNothingKeepsNobodyOut(String sent) throws IOException {
		List<Client> silent = new ArrayList<>();
		try {
			for (int i = 0; i < 600; i++) {
				Client client = new Client();
				silent.add(client);
				client.send(sent);
			}
			long begun = System.nanoTime();
			for (int i = 0; i < 20; i++) {
				try (Client client = new Client()) {
					client.send(HEADER + "Connection: close\r\nContent-Length: " + STEP.length() + "\r\n\r\n" + STEP);
					assertThat(client.status()).isEqualTo(200);
				}
			}
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
		}
		finally {
			for (Client client : silent) {
				client.close();
			}
		}
	}

	private static JsonNode example() throws IOException {
		try (InputStream in = SlowClientsContract.class.getResourceAsStream("/openapi/problem/request-timeout.json")) {
			return JSON.readTree(in);
		}
	}

	/// A client whose bytes are seen one by one.
	private final class Client implements AutoCloseable {

		private final Socket socket;

		private final OutputStream request;

		private final InputStream answer;

		private String head = "";

		Client() throws IOException {
			Socket plain = new Socket();
			plain.setReceiveBufferSize(64 * 1024);
			plain.connect(
					new InetSocketAddress(InetAddress.getLoopbackAddress(), SlowClientsContract.this.service.port()),
					10_000);
			plain.setSoTimeout(20_000);
			plain.setTcpNoDelay(true);
			this.socket = over(plain);
			this.request = this.socket.getOutputStream();
			this.answer = this.socket.getInputStream();
		}

		void send(String text) throws IOException {
			this.request.write(text.getBytes(StandardCharsets.US_ASCII));
		}

		/// Ten times a second, until the connection ends or this is interrupted.
		Thread drip(String text) {
			return Thread.ofVirtual().start(() -> {
				try {
					while (!Thread.currentThread().isInterrupted()) {
						send(text);
						LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
					}
				}
				catch (IOException ex) {
					// it has ended
				}
			});
		}

		int status() throws IOException {
			StringBuilder read = new StringBuilder();
			while (read.indexOf("\r\n\r\n") < 0) {
				int next = this.answer.read();
				assertThat(next).as("an answer, not %s", read).isNotNegative();
				read.append((char) next);
			}
			this.head = read.toString();
			if (this.head.startsWith("HTTP/1.1 100")) {
				return status();
			}
			return Integer.parseInt(this.head.substring(9, 12));
		}

		int contentLength() {
			return Integer.parseInt(this.head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1"));
		}

		void assertRefused(String detail) throws IOException {
			assertThat(status()).isEqualTo(408);
			assertThat(this.head).contains("Connection: close").contains("application/problem+json");
			JsonNode problem = JSON.readTree(this.answer.readNBytes(contentLength()));
			ObjectNode expected = (ObjectNode) example();
			if (!detail.equals(expected.get("detail").stringValue())) {
				// of a header, before there is a request
				expected.put("detail", detail).remove("instance");
			}
			assertThat(problem).isEqualTo(expected);
			assertThat(this.answer.read()).as("the connection ends").isNegative();
		}

		/// How many bytes there are to the end of the connection, whether it ends well or
		/// not.
		long rest() {
			long count = 0;
			byte[] buffer = new byte[64 * 1024];
			try {
				for (int n = this.answer.read(buffer); n >= 0; n = this.answer.read(buffer)) {
					count += n;
				}
			}
			catch (IOException ex) {
				// as good as an end
			}
			return count;
		}

		@Override
		public void close() throws IOException {
			this.socket.close();
		}

	}

}
