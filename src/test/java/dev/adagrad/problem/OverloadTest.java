package dev.adagrad.problem;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.adagrad.RunningService;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// A request that the heap has no room for is refused, and the service is well after.
class OverloadTest {

	@Test
	void aRequestBeyondTheHeapIsRefusedAndForgotten() {
		String array = "[" + "1,".repeat(4_000_000) + "1]";
		String body = json("{'parameter':") + array + json(",'grad':") + array + json(",'G':") + array + "}";
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx64m"), "--adagrad.limits.max-inflight=1GB")) {
			TestClient client = service.client();
			for (int i = 0; i < 3; i++) {
				Answer answer = client.step(body);
				assertThat(answer.status()).as(answer.body()).isEqualTo(503);
				assertThat(answer.problemCode()).isEqualTo("overloaded");
				assertThat(answer.response().headers().allValues("Retry-After")).containsExactly("1");
				assertThat(client.step(json("{'parameter':1,'grad':0,'G':1}")).body())
					.isEqualTo(json("{'parameter':1.0,'G':1.0}"));
			}
		}
	}

	/// Of 4 MB, of which one client may take 2.6, each of two bodies takes 1.6 as soon as
	/// its numbers have come.
	@Test
	void whatRequestsTakeTogetherStaysBelowItsBound() throws IOException {
		String small = json("{'parameter':1,'grad':0,'G':1}");
		String large = json("{'parameter':[0") + ",0".repeat(200_000) + "]";
		try (RunningService service = RunningService.start("--adagrad.limits.max-inflight=6MB");
				Socket first = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
			TestClient client = service.client();
			assertThat(client.step(large + "}").status()).as("alone it is only incomplete").isEqualTo(422);
			first.setSoTimeout(30_000);
			first.getOutputStream()
				.write(("POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
						+ (large.length() + 1) + "\r\nConnection: close\r\n\r\n" + large)
					.getBytes(StandardCharsets.US_ASCII));
			Answer refused = client.step(large + "}");
			for (int attempt = 0; attempt < 1000 && refused.status() != 503; attempt++) {
				// the first is read meanwhile
				refused = client.step(large + "}");
			}
			assertThat(refused.status()).isEqualTo(503);
			assertThat(refused.response().headers().allValues("Retry-After")).containsExactly("1");
			assertThat(refused.json()).isEqualTo(example());
			assertThat(client.step(small).status()).isEqualTo(200);
			first.getOutputStream().write('}');
			assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 422");
			assertThat(client.step(large + "}").status()).as("what was held is free again").isEqualTo(422);
		}
	}

	private static JsonNode example() throws IOException {
		try (InputStream in = OverloadTest.class.getResourceAsStream("/openapi/problem/overloaded.json")) {
			return JsonMapper.builder().build().readTree(in);
		}
	}

}
