package dev.adagrad.problem;

import java.util.List;

import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import dev.adagrad.TestClient.Answer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// A request that the heap has no room for is refused, and the service is well after.
class OverloadTest {

	@Test
	void aRequestBeyondTheHeapIsRefusedAndForgotten() {
		String array = "[" + "1,".repeat(4_000_000) + "1]";
		String body = "{\"parameter\":" + array + ",\"grad\":" + array + ",\"G\":" + array + "}";
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx64m"))) {
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

}
