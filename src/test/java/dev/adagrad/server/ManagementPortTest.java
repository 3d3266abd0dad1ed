package dev.adagrad.server;

import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "management.server.port=0", "management.endpoints.web.exposure.include=health,threaddump" })
class ManagementPortTest {

	@LocalServerPort
	private int port;

	@LocalManagementPort
	private int managementPort;

	@Test
	void hasThreadsOfItsOwn() {
		TestClient management = new TestClient(this.managementPort);
		assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
		JsonNode threads = management.get("/actuator/threaddump").json().get("threads");
		assertThat(threads.valueStream()
			.filter((thread) -> thread.get("stackTrace").toString().contains("ThreadDumpEndpoint"))
			.map((thread) -> thread.get("threadName").stringValue())).singleElement().asString().startsWith("http-nio");
		assertThat(new TestClient(this.port).get("/actuator/health").status()).isEqualTo(404);
	}

}
