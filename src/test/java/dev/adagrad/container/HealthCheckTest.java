package dev.adagrad.container;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;

import dev.adagrad.RunningService;
import dev.adagrad.TlsKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HealthCheckTest {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	@TempDir
	private Path folder;

	@Test
	void readyIsNoProblem() throws IOException {
		try (FakeService service = new FakeService()) {
			assertThat(HealthCheck.problem(service.port(), TIMEOUT)).isNull();
			assertThat(service.calls()).containsExactly("GET /actuator/health/readiness");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 204, 301, 404, 500, 503 })
	void anyOtherStatusIsAProblemThatNamesIt(int status) throws IOException {
		try (FakeService service = new FakeService().answer("GET /actuator/health/readiness", status)) {
			assertThat(HealthCheck.problem(service.port(), TIMEOUT)).isEqualTo("not ready: HTTP/1.1 " + status);
		}
	}

	@Test
	void overTlsAnyCertificateWillDo() throws IOException, InterruptedException, GeneralSecurityException {
		try (RunningService service = RunningService.start(TlsKeys.in(this.folder).settings())) {
			assertThat(HealthCheck.problem(service.port(), TIMEOUT)).isNull();
		}
	}

	@Test
	void nobodyListeningIsAProblem() throws IOException {
		int port;
		try (ServerSocket closed = new ServerSocket(0, 0, InetAddress.ofLiteral("127.0.0.1"))) {
			port = closed.getLocalPort();
		}
		assertThat(HealthCheck.problem(port, TIMEOUT)).startsWith("not ready: Connection refused");
	}

	@Test
	void silenceIsAProblemAfterTheTimeout() throws IOException {
		// the kernel takes the connection, nobody answers it
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
			assertThat(HealthCheck.problem(silent.getLocalPort(), Duration.ofMillis(50)))
				.isEqualTo("not ready: Read timed out");
		}
	}

	@Test
	void asksThePortThatTheServiceIsSetTo() {
		assertThat(HealthCheck.port(Map.of())).isEqualTo(8080);
		assertThat(HealthCheck.port(Map.of("SERVER_PORT", "9000"))).isEqualTo(9000);
		assertThat(HealthCheck.port(Map.of("SERVER_PORT", "9000", "MANAGEMENT_SERVER_PORT", "9001"))).isEqualTo(9001);
	}

}
