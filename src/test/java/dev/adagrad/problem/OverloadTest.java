package dev.adagrad.problem;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/// A request that the heap has no room for is refused, and the service is well after.
class OverloadTest {

	@Test
	void aRequestBeyondTheHeapIsRefusedAndForgotten() {
		String array = "[" + "1,".repeat(4_000_000) + "1]";
		String body = "{\"parameter\":" + array + ",\"grad\":" + array + ",\"G\":" + array + "}";
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx64m"), "--adagrad.limits.max-inflight=1GB")) {
			TestClient client = service.client();
			for (int i = 0; i < 3; i++) {
				Answer answer = client.step(body);
				assertThat(answer.status()).as(answer.body()).isEqualTo(503);
				assertThat(answer.problemCode()).isEqualTo("overloaded");
				assertThat(answer.header("Retry-After")).isEqualTo("1");
				assertThat(client.step("{\"parameter\":1,\"grad\":0,\"G\":1}").body())
					.isEqualTo("{\"parameter\":1.0,\"G\":1.0}");
			}
		}
	}

	@Test
	void bodiesTogetherStayBelowTheirBound() throws IOException {
		String small = "{\"parameter\":1,\"grad\":0,\"G\":1}";
		String large = small + " ".repeat(600_000);
		try (ServiceProcess service = ServiceProcess.start(List.of(), "--adagrad.limits.max-inflight=1MB");
				Socket first = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
			first.setSoTimeout(30_000);
			first.getOutputStream()
				.write(("POST /adagrad/step HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
						+ large.length() + "\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			InputStream answers = first.getInputStream();
			// 100 Continue: the first is admitted, and holds its share until it is
			// answered
			assertThat(new String(answers.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
			TestClient client = service.client();
			for (HttpRequest.BodyPublisher body : List.of(BodyPublishers.ofString(large), BodyPublishers
				.ofInputStream(() -> new ByteArrayInputStream(large.getBytes(StandardCharsets.US_ASCII))))) {
				Answer refused = client.send("POST", "/adagrad/step", body, "Content-Type", "application/json");
				assertThat(refused.status()).isEqualTo(503);
				assertThat(refused.header("Retry-After")).isEqualTo("1");
				assertThat(refused.json()).isEqualTo(example());
			}
			assertThat(client.step(small).status()).isEqualTo(200);
			first.getOutputStream().write(large.getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(answers.readAllBytes(), StandardCharsets.US_ASCII)).contains("HTTP/1.1 200");
			assertThat(client.step(large).status()).as("what was held is free again").isEqualTo(200);
		}
	}

	private static JsonNode example() throws IOException {
		try (InputStream in = OverloadTest.class.getResourceAsStream("/openapi/problem/overloaded.json")) {
			return JsonMapper.builder().build().readTree(in);
		}
	}

}
