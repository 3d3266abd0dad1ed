package dev.adagrad.trace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.adagrad.PostgresProcess;
import dev.adagrad.RunningService;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// The service beside a collector: without one, with one, and with one that is away.
@ExtendWith(OutputCaptureExtension.class)
class TracesTest {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SAMPLED = "00-" + TRACE + "-b7ad6b7169203331-01";

	private static final String EACH_100_MS = "--management.opentelemetry.tracing.export.schedule-delay=100ms";

	@TempDir
	private Path folder;

	private static int call(TestClient client) {
		return client
			.send("POST", "/adagrad/step", json("{'parameter':[1],'grad':[1],'G':[0]}"), "Content-Type",
					"application/json", "traceparent", SAMPLED)
			.status();
	}

	private static void create(TestClient client, String id) {
		assertThat(client
			.send("PUT", "/adagrad/sessions/" + id, json("{'parameter':[1]}"), "Content-Type", "application/json",
					"traceparent", SAMPLED)
			.status()).isEqualTo(201);
	}

	/// The line that tells of a session.
	private static String lineOf(Stream<String> log, String id) {
		return log.filter((line) -> line.contains("session " + id + " created")).findFirst().orElseThrow();
	}

	@Test
	void byDefaultNothingIsTraced() {
		try (ServiceProcess service = ServiceProcess.start(
				List.of("-Dadagrad.store.path=" + this.folder.resolve("data")),
				"--management.endpoints.web.exposure.include=*")) {
			TestClient client = service.client();
			assertThat(call(client)).isEqualTo(200);
			create(client, "silent");
			assertThat(client.get("/actuator/threaddump").body()).doesNotContain("BatchSpan", "BatchLog", "HttpClient",
					"opentelemetry");
			assertThat(client.get("/actuator/beans").body()).doesNotContain("opentelemetry", "io.micrometer.tracing");
			assertThat(service.printed())
				.noneMatch((line) -> line.contains(" WARN ") || line.contains("calls are traced"));
			assertThat(lineOf(service.printed().stream(), "silent")).doesNotContain(TRACE)
				.contains("request] d.adagrad.session");
		}
	}

	@Test
	void aCollectorGetsTheSpansAndNothingElse(CapturedOutput log) {
		try (Collector collector = Collector.start();
				RunningService service = RunningService.start(collector.setting(), EACH_100_MS,
						"--management.endpoints.web.exposure.include=*")) {
			assertThat(call(service.client())).isEqualTo(200);
			collector.await(TRACE, "adagrad-service", "POST /adagrad/step", "read body", "kernel", "write answer");
			create(service.client(), "told");
			assertThat(collector.await(TRACE, "PUT /adagrad/sessions/{id}", "store", "create")).doesNotContain("told");
			assertThat(lineOf(log.toString().lines(), "told")).contains("[" + TRACE + "-");
			assertThat(collector.paths()).allMatch("POST /v1/traces"::equals);
			assertThat(service.client().get("/actuator/threaddump").body()).doesNotContain("BatchLog");
			assertThat(log).doesNotContain(" WARN ");
		}
	}

	@Test
	void whatIsQueuedAtTheEndIsSent() {
		try (Collector collector = Collector.start()) {
			try (RunningService service = RunningService.start(collector.setting(),
					"--management.opentelemetry.tracing.export.schedule-delay=1h")) {
				assertThat(call(service.client())).isEqualTo(200);
			}
			collector.await(TRACE, "POST /adagrad/step");
		}
	}

	@Test
	void aCollectorThatIsAwayDisturbsNobody(CapturedOutput log) {
		RunningService service = RunningService.start(
				"--" + TracingCondition.ENDPOINT + "=http://127.0.0.1:" + PostgresProcess.freePort() + "/v1/traces",
				EACH_100_MS);
		assertThatCallsGoOn(service, log);
	}

	@Test
	void aCollectorThatNeverAnswersDisturbsNobody(CapturedOutput log) throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			RunningService service = RunningService.start(
					"--" + TracingCondition.ENDPOINT + "=http://127.0.0.1:" + silent.getLocalPort() + "/v1/traces",
					EACH_100_MS);
			assertThatCallsGoOn(service, log);
		}
	}

	@Test
	void aCollectorThatRefusesIsToldOfOnceAndItsReturnToo(CapturedOutput log) {
		try (Collector collector = Collector.start();
				RunningService service = RunningService.start(collector.setting(), EACH_100_MS)) {
			collector.answer(400);
			callUntil(service, log, "spans are lost");
			collector.answer(200);
			callUntil(service, log, "the collector takes spans again");
			assertThat(log.toString().lines()).filteredOn((line) -> !line.contains(" INFO "))
				.singleElement()
				.asString()
				.contains("spans are lost, until the collector takes them again: it refuses them");
		}
	}

	/// Until the log has a line that contains the words.
	private static void callUntil(RunningService service, CapturedOutput log, String words) {
		do {
			assertThat(call(service.client())).isEqualTo(200);
		}
		while (!log.toString().contains(words));
	}

	private static void assertThatCallsGoOn(RunningService service, CapturedOutput log) {
		long stopped;
		try (service) {
			callUntil(service, log, "spans are lost");
			assertThat(log.toString().lines()).filteredOn((line) -> !line.contains(" INFO "))
				.singleElement()
				.asString()
				.contains("spans are lost, until the collector takes them again: java.");
			stopped = System.nanoTime();
		}
		assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(15));
	}

}
