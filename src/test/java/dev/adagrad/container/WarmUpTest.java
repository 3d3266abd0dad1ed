package dev.adagrad.container;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class WarmUpTest {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final Duration SHORT = Duration.ofMillis(1);

	@Test
	void callsWhatAFirstClientWillCall() throws IOException {
		try (FakeService service = new FakeService()) {
			WarmUp.call(service.base(), 2);
			assertThat(service.calls()).contains("GET /v3/api-docs", "GET /actuator/health/readiness",
					"PUT /adagrad/sessions/warm-up-1", "POST /adagrad/sessions/warm-up-1/step",
					"GET /adagrad/sessions/warm-up-1/state", "DELETE /adagrad/sessions/warm-up-1");
			assertThat(Collections.frequency(service.calls(), "POST /adagrad/step")).as("in JSON, and one as a file")
				.isEqualTo(2 * (WarmUp.STEPS.size() + 1));
		}
	}

	@Test
	void failsIfTheStepAsAFileIsRefused() throws IOException {
		Integer[] statuses = { 200, 200, 200, 415 };
		assertThat(statuses).hasSize(WarmUp.STEPS.size() + 1);
		try (FakeService service = new FakeService().answer("POST /adagrad/step", statuses)) {
			assertThatIllegalStateException().isThrownBy(() -> WarmUp.call(service.base(), 1))
				.withMessage("POST /adagrad/step of " + WarmUp.FILE_HEADER + " was answered with 415");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST /adagrad/step", "GET /v3/api-docs", "GET /actuator/health/readiness",
			"PUT /adagrad/sessions/warm-up-0", "POST /adagrad/sessions/warm-up-0/step",
			"DELETE /adagrad/sessions/warm-up-0" })
	void failsIfAnyCallIsRefused(String call) throws IOException {
		try (FakeService service = new FakeService().answer(call, 422)) {
			assertThatIllegalStateException().isThrownBy(() -> WarmUp.call(service.base(), 1))
				.withMessageStartingWith(call)
				.withMessageEndingWith("was answered with 422");
		}
	}

	@Test
	void failsIfOnlyALaterCallIsRefused() throws IOException {
		try (FakeService service = new FakeService().answer("POST /adagrad/step", 200, 200, 200, 200, 500)) {
			assertThatIllegalStateException().isThrownBy(() -> WarmUp.call(service.base(), 2))
				.withMessageEndingWith("was answered with 500");
		}
	}

	@Test
	void waitsUntilReady() throws Exception {
		try (FakeService service = new FakeService().answer("GET /actuator/health/readiness", 503, 503, 200)) {
			WarmUp.awaitReady(service.base(), LONG, SHORT);
			assertThat(service.calls()).hasSize(3);
		}
	}

	@Test
	void doesNotWaitForever() throws IOException {
		try (FakeService service = new FakeService().answer("GET /actuator/health/readiness", 503)) {
			assertThatIllegalStateException()
				.isThrownBy(() -> WarmUp.awaitReady(service.base(), Duration.ofMillis(20), SHORT))
				.withMessage("the service is not ready after PT0.02S");
		}
	}

	@Test
	void findsThePortInTheLog() throws IOException {
		assertThat(WarmUp.portFrom(log("""
				Tomcat initialized with port 0 (http)
				Tomcat started on port 40551 (http) with context path '/'
				"""))).isEqualTo(40551);
		assertThat(WarmUp.portFrom(log("Tomcat started on ports 40551 (https), 40552 (http)"))).isEqualTo(40551);
	}

	@Test
	void aLogThatEndsWithoutAPortIsAServiceThatDidNotStart() {
		assertThatIllegalStateException().isThrownBy(() -> WarmUp.portFrom(log("Application run failed")))
			.withMessage("the service has stopped before it had started");
	}

	@Test
	void startsTheServiceCallsItAndStopsIt() {
		assertThatCode(() -> WarmUp.train(fakeService("200"))).doesNotThrowAnyException();
	}

	@Test
	void failsWithTheServiceThatRefusesACall() {
		assertThatIllegalStateException().isThrownBy(() -> WarmUp.train(fakeService("404")))
			.withMessageEndingWith("was answered with 404");
	}

	@Test
	void failsWithTheServiceThatDoesNotStart() {
		assertThatIllegalStateException().isThrownBy(() -> WarmUp.train(fakeService("no number")))
			.withMessage("the service has stopped before it had started");
	}

	private static BufferedReader log(String lines) {
		return new BufferedReader(new StringReader(lines));
	}

	private static List<String> fakeService(String status) throws Exception {
		Path classes = Path.of(FakeService.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		return List.of(ProcessHandle.current().info().command().orElseThrow(), "-XX:TieredStopAtLevel=1", "-cp",
				classes.toString(), FakeService.class.getName(), status);
	}

}
