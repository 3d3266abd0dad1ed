package dev.adagrad.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

import dev.adagrad.ServiceProcess;
import dev.adagrad.TlsKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// What Tomcat is told beyond Spring Boot's settings.
class TomcatConfigurationTest {

	@TempDir
	private Path folder;

	@Test
	void connectionsTakeAnEighthOfWhatTheHeapHasForRequests() {
		long heapBytes = Runtime.getRuntime().maxMemory();
		assertThat(heapBytes).isGreaterThan(1 << 30);
		assertThat(maxConnections(Integer.MAX_VALUE)).isEqualTo((int) ((heapBytes - (48 << 20)) / 8 / (64 * 1024)));
		assertThat(maxConnections(10)).isEqualTo(10);
	}

	private static int maxConnections(int set) {
		PatientProtocol http = new PatientProtocol();
		http.setMaxConnections(set);
		TomcatConfiguration.bufferDirectly(http);
		return http.getMaxConnections();
	}

	@Test
	void aKeyStoreMakesItSpeakTls() throws IOException, InterruptedException, GeneralSecurityException {
		TlsKeys keys = TlsKeys.in(this.folder);
		try (ServiceProcess service = ServiceProcess.start(List.of(), keys.settings());
				HttpClient client = keys.client()) {
			HttpRequest step = HttpRequest
				.newBuilder(URI.create("https://localhost:" + service.port() + "/adagrad/step"))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(json("{'parameter':1,'grad':0.5,'G':0}")))
				.build();
			HttpResponse<String> answer = client.send(step, HttpResponse.BodyHandlers.ofString());
			assertThat(answer.body()).isEqualTo(json("{'parameter':0.9900000002,'G':0.25}"));
			assertThat(answer.sslSession()).isPresent();
		}
	}

}
