package dev.adagrad.access;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static dev.adagrad.Json.json;
import static dev.adagrad.session.store.Fixtures.await;
import static org.assertj.core.api.Assertions.assertThat;

/// What a tenant may use. Each test has a tenant of its own, which whoever calls a service without keys may choose.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "adagrad.quotas.tenants.few.sessions=2", "adagrad.quotas.tenants.small.stored-size=40KB",
				"adagrad.quotas.tenants.slow.steps-per-second=1", "adagrad.quotas.tenants.narrow.requests=1" })
class TenantQuotasTest {

	private static final String SIZE = json("{'size':3}");

	private static final String STATELESS = json("{'parameter':1,'grad':1,'G':0}");

	@LocalServerPort
	private int port;

	private TestClient client;

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	private Answer call(String tenant, String method, String path, String body, String... headers) {
		String[] all = { "Content-Type", "application/json", "Adagrad-Tenant", tenant, "Idempotency-Key",
				(headers.length > 0) ? headers[0] : "none" };
		return this.client.send(method, "/adagrad" + path, body, all);
	}

	private static void assertNoRoom(Answer answer) {
		assertThat(answer.status()).isEqualTo(507);
		assertThat(answer.problemCode()).isEqualTo("quota-exceeded");
		assertThat(answer.json().get("status").asInt()).isEqualTo(507);
	}

	@Test
	void sessionsAreCounted() {
		for (String id : new String[] { "a", "b" }) {
			assertThat(call("few", "PUT", "/sessions/" + id, SIZE).status()).isEqualTo(201);
		}
		assertNoRoom(call("few", "PUT", "/sessions/c", SIZE));
		assertNoRoom(call("few", "POST", "/sessions", SIZE));
		assertThat(call("few", "PUT", "/sessions/a", SIZE).status()).as("it is there").isEqualTo(200);
		assertThat(call("default", "PUT", "/sessions/of-another", SIZE).status()).isEqualTo(201);
		assertThat(call("few", "DELETE", "/sessions/a", "").status()).isEqualTo(204);
		assertThat(call("few", "PUT", "/sessions/c", SIZE).status()).as("at once").isEqualTo(201);
	}

	/// A session of constants takes no tensors, and 4 KiB all the same: nine of them and
	/// their configurations fit into 40 KB.
	@Test
	void constantsAreNotFree() {
		int made = 0;
		Answer last = call("small", "PUT", "/sessions/s0", json("{'size':1000000}"));
		while (last.status() == 201) {
			made++;
			last = call("small", "PUT", "/sessions/s" + made, json("{'size':1000000}"));
		}
		assertNoRoom(last);
		assertThat(made).isBetween(8, 9);
		Answer step = call("small", "POST", "/sessions/s0/step",
				json("{'indices':[7,500000,999999],'grad':[1,1,1],'parameter':[0,0,0]}"), "k");
		assertNoRoom(step);
		for (int i = 1; i < made; i++) {
			assertThat(call("small", "DELETE", "/sessions/s" + i, "").status()).isEqualTo(204);
		}
		assertThat(call("small", "GET", "/sessions/s0", "").json().get("step").asInt()).as("nothing was changed")
			.isZero();
	}

	@Test
	void stepsAreCountedBeforeTheirBodiesAreRead() {
		await(() -> {
			Answer first = call("slow", "POST", "/step", STATELESS);
			Answer second = call("slow", "POST", "/step", "{");
			assertThat(first.header("RateLimit-Policy")).isEqualTo("\"steps\";q=1;w=1");
			if (first.status() == 200 && second.status() == 429) {
				assertThat(second.problemCode()).isEqualTo("quota-exceeded");
				assertThat(second.header("Retry-After")).isEqualTo("1");
				assertThat(second.header("RateLimit")).isEqualTo("\"steps\";r=0;t=1");
				return true;
			}
			return false;
		});
		assertThat(call("default", "POST", "/step", STATELESS).header("RateLimit")).isEmpty();
	}

	@Test
	void requestsUnderWayAreCounted() throws IOException {
		try (Socket slow = new Socket("localhost", this.port)) {
			slow.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
			slow.getOutputStream()
				.write(("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
						+ "Adagrad-Tenant: narrow\r\nContent-Length: " + STATELESS.length() + "\r\n\r\n{")
					.getBytes(StandardCharsets.US_ASCII));
			await(() -> call("narrow", "GET", "/sessions", "").status() == 429);
			assertThat(call("default", "GET", "/sessions", "").status()).isEqualTo(200);
			slow.getOutputStream().write(STATELESS.substring(1).getBytes(StandardCharsets.US_ASCII));
			byte[] answer = new byte[12];
			assertThat(slow.getInputStream().readNBytes(answer, 0, answer.length)).isEqualTo(answer.length);
			assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
		}
		await(() -> call("narrow", "GET", "/sessions", "").status() == 200);
	}

}
