package dev.adagrad.session.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.adagrad.LongTest;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// One session and many clients, some of which do not wait for their answers.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "adagrad.store.durability=os")
class SharedSessionTest {

	@LocalServerPort
	private int port;

	private SessionClient session;

	@BeforeEach
	void connect() {
		this.session = SessionClient.fresh(new TestClient(this.port));
	}

	@LongTest
	@Test
	void aKeyRetriedAfter5000StepsOfOthersIsNotAppliedAgain() {
		this.session.created(json("{'parameter':[0]}"));
		Answer first = this.session.step(json("{'grad':[1]}"), "Idempotency-Key", "the first");
		assertThat(first.json().get("step").asInt()).isEqualTo(1);
		AtomicInteger next = new AtomicInteger();
		List<CompletableFuture<Void>> others = IntStream.range(0, 8)
			.mapToObj((client) -> CompletableFuture.runAsync(() -> {
				for (int i = next.incrementAndGet(); i <= 5000; i = next.incrementAndGet()) {
					Answer answer = this.session.step(json("{'grad':[1]}"), "Idempotency-Key", "other " + i);
					assertThat(answer.status()).isEqualTo(200);
				}
			}, Thread::startVirtualThread))
			.toList();
		others.forEach(CompletableFuture::join);
		Answer retried = this.session.step(json("{'grad':[1]}"), "Idempotency-Key", "the first");
		assertThat(retried.header("Idempotency-Replayed")).isEqualTo("true");
		assertThat(retried.json().get("applied_step").asInt()).isEqualTo(1);
		assertThat(this.session.state().body()).startsWith(json("{'step':5001,'G':[5001.0],"));
	}

	@Test
	void aStepWhoseClientIsGoneCountsOnce() throws IOException {
		this.session.created(json("{'parameter':[0]}"));
		for (int step = 1; step <= 5; step++) {
			String body = json("{'grad':[1]}");
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
				OutputStream out = socket.getOutputStream();
				out.write(("POST /adagrad/sessions/" + this.session.id() + "/step HTTP/1.1\r\nHost: localhost\r\n"
						+ "Content-Type: application/json\r\nIdempotency-Key: gone " + step + "\r\nContent-Length: "
						+ body.length() + "\r\n\r\n" + body)
					.getBytes(StandardCharsets.US_ASCII));
				out.flush();
				if (step % 2 == 0) {
					awaitStep(step);
				}
				// closed with a reset, and nothing read
				socket.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
			// the step was taken, or is taken now or soon, or the server never saw it;
			// the
			// retry settles it
			Answer retried = this.session.step(body, "Idempotency-Key", "gone " + step);
			assertThat(retried.status()).isEqualTo(200);
			if (step % 2 == 0) {
				assertThat(retried.header("Idempotency-Replayed")).isEqualTo("true");
			}
			assertThat(retried.json().get("step").asInt()).isEqualTo(step);
			assertThat(this.session.state().body()).startsWith(json("{'step':" + step + ",'G':[" + step + ".0],"));
		}
	}

	private void awaitStep(int step) {
		long begun = System.nanoTime();
		while (this.session.describe().json().get("step").asInt() < step) {
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
		}
	}

}
