package dev.adagrad.session.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// How much of the disk clients take that are slow to take large states.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "adagrad.spool.path=target/test-spool",
		"adagrad.spool.max-size=20MB", "adagrad.spool.max-size-per-client=10MB" })
class SharedCopyTest {

	private static final int READERS = 24;

	/// As F64 a little less than 8 MB, as JSON 9 MB.
	private static final int SIZE = 1_000_000;

	@LocalServerPort
	private int port;

	@Autowired
	private MeterRegistry meters;

	private final List<Closeable> readers = new ArrayList<>();

	private SessionClient session;

	@BeforeEach
	void connect() {
		this.session = SessionClient.fresh(new TestClient(this.port));
	}

	@AfterEach
	void leave() throws IOException {
		for (Closeable reader : this.readers) {
			reader.close();
		}
	}

	/// Asks for the state, and takes no more of it than the status.
	/// @param from the last byte of the client's address, 127.0.0.x
	/// @return the status
	private int slowly(SessionClient session, int from) throws IOException {
		byte[] begin = ask(session, from).readNBytes("HTTP/1.0 200".length());
		return Integer.parseInt(new String(begin, StandardCharsets.US_ASCII).substring("HTTP/1.0 ".length()));
	}

	/// The answer ends with the connection.
	private InputStream ask(SessionClient session, int from) throws IOException {
		Socket socket = new Socket();
		this.readers.add(socket);
		socket.setReceiveBufferSize(4096);
		socket.setSoTimeout(30_000);
		socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, (byte) from }), 0));
		socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), this.port));
		socket.getOutputStream()
			.write(("GET /adagrad/sessions/" + session.id() + "/state HTTP/1.0\r\nHost: localhost\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		return socket.getInputStream();
	}

	private void assertAllServed(SessionClient session) throws IOException {
		for (int i = 0; i < READERS; i++) {
			assertThat(slowly(session, 1)).as("reader %d", i).isEqualTo(200);
		}
	}

	private static String numbers(int size) {
		StringBuilder numbers = new StringBuilder("[");
		for (int i = 0; i < size; i++) {
			numbers.append((i == 0) ? "" : ",").append(i % 1000 / 8.0);
		}
		return numbers.append(']').toString();
	}

	private SessionClient varied() {
		return SessionClient.fresh(new TestClient(this.port)).created(json("{'G':") + numbers(SIZE) + "}");
	}

	private static void assertFull(Answer answer, String setting) {
		assertThat(answer.status()).isEqualTo(507);
		assertThat(answer.problemCode()).isEqualTo("store-full");
		assertThat(answer.json().get("detail").asString()).contains(setting).endsWith("nothing was changed");
	}

	/// Once those who have left are found to have left.
	private static void assertServedAgain(SessionClient session) {
		await(() -> session.state().status() == 200);
	}

	private static void await(BooleanSupplier condition) {
		long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
		while (!condition.getAsBoolean()) {
			assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
			LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
		}
	}

	@Test
	void whatWasNeverTouchedTakesNoRoom() throws IOException {
		this.session.created(json("{'size':16777216,'initial_parameter_value':0}"));
		assertAllServed(this.session);
	}

	@Test
	void allWhoReadOneVersionShareOneCopy() throws IOException {
		SessionClient varied = varied();
		assertAllServed(varied);
		assertThat(varied.step(json("{'indices':[0],'grad':[1],'parameter':[1]}")).status()).isEqualTo(200);
		assertFull(varied.state(), "adagrad.spool.max-size-per-client");
		leave();
		assertServedAgain(varied);
	}

	@Test
	void oneClientLeavesRoomForOthersAndAllTogetherForTheDisk() throws IOException {
		SessionClient varied = varied();
		SessionClient other = varied();
		SessionClient third = varied();
		assertThat(slowly(varied, 2)).isEqualTo(200);
		assertThat(slowly(other, 2)).isEqualTo(507);
		assertThat(slowly(other, 3)).isEqualTo(200);
		assertFull(third.state(), "adagrad.spool.max-size)");
		leave();
		assertServedAgain(third);
	}

	@Test
	void itIsThereUntilTheLastIsDone() throws IOException {
		SessionClient varied = varied();
		assertThat(slowly(varied, 1)).isEqualTo(200);
		InputStream second = ask(varied, 1);
		assertThat(second.read()).isEqualTo('H');
		double before = gone();
		this.readers.getFirst().close();
		await(() -> gone() > before);
		// whoever asks now shares it as well
		assertThat(varied.state().body()).isEqualTo(expected());
		String answer = new String(second.readAllBytes(), StandardCharsets.US_ASCII);
		assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).isEqualTo(expected());
	}

	private static String expected() {
		return json("{'step':0,'G':") + numbers(SIZE) + "}";
	}

	/// How many calls for a state have ended because their client had gone.
	private double gone() {
		Counter counter = this.meters.find("adagrad.session.calls")
			.tag("call", "state")
			.tag("outcome", "client-gone")
			.counter();
		return (counter != null) ? counter.count() : 0;
	}

}
