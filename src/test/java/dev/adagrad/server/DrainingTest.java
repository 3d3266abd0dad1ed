package dev.adagrad.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import dev.adagrad.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// A service that is told to stop, and the clients that it still has.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DrainingTest {

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@Test
	void whoIsToldToStopIsNotReadyButAnswersForAWhile() throws Exception {
		try (RunningService service = RunningService.start("--adagrad.sessions.enabled=false",
				"--adagrad.shutdown.pause=3s")) {
			HttpResponse<String> before = step(service);
			assertThat(before.statusCode()).isEqualTo(200);
			assertThat(before.headers().firstValue("Connection")).isEmpty();
			long begun = System.nanoTime();
			Thread stopping = Thread.ofVirtual().start(service::close);
			while (get(service, "/actuator/health/readiness").statusCode() == 200) {
				assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(3));
			}
			for (int i = 0; i < 20; i++) {
				HttpResponse<String> meanwhile = step(service);
				assertThat(meanwhile.statusCode()).isEqualTo(200);
				assertThat(meanwhile.headers().firstValue("Connection")).hasValue("close");
			}
			assertThat(get(service, "/actuator/health/liveness").statusCode()).isEqualTo(200);
			assertThat(stopping.join(Duration.ofSeconds(60))).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(2900));
		}
	}

	private HttpResponse<String> step(RunningService service) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(service, "/adagrad/step"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(json("{'parameter':1,'grad':1,'G':0}"))));
	}

	private HttpResponse<String> get(RunningService service, String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(uri(service, path)));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static URI uri(RunningService service, String path) {
		return URI.create("http://127.0.0.1:" + service.port() + path);
	}

}
