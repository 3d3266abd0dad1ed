package dev.adagrad.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ManagementPortTest {

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	@Test
	void hasThreadsOfItsOwn() {
		try (ServiceProcess service = ServiceProcess.start(List.of(), "--management.server.port=0",
				"--management.endpoints.web.exposure.include=health,threaddump")) {
			TestClient management = new TestClient(port(service));
			for (int i = 0; i < 300 && management.get("/actuator/health/liveness").status() != 200; i++) {
				// it listens a little before it has started
				LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
			}
			assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
			JsonNode threads = management.get("/actuator/threaddump").json().get("threads");
			assertThat(threads.valueStream()
				.filter((thread) -> thread.get("stackTrace").toString().contains("ThreadDumpEndpoint"))
				.map((thread) -> thread.get("threadName").stringValue())).singleElement()
				.asString()
				.startsWith("http-nio");
			assertThat(service.client().get("/actuator/health").status()).isEqualTo(404);
		}
	}

	/// The other of the two ports.
	private static int port(ServiceProcess service) {
		for (int i = 0; i < 300; i++) {
			List<Integer> others = STARTED.matcher(String.join("\n", service.printed()))
				.results()
				.map((MatchResult found) -> Integer.valueOf(found.group(1)))
				.filter((port) -> port != service.port())
				.toList();
			if (!others.isEmpty()) {
				return others.getFirst();
			}
			LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
		}
		throw new AssertionError("no other port: " + service.printed());
	}

}
