package dev.adagrad;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;

import static org.assertj.core.api.Assertions.assertThat;

/// What becomes of the process when a thread ends by an exception, in a JVM of its own.
class LastResortTest {

	private static final String WHY = "a thread has ended by an error of the virtual machine";

	@ParameterizedTest
	@ValueSource(strings = { "platform", "virtual", "full" })
	void anErrorOfTheVirtualMachineEndsTheProcessAtOnce(String thread) throws Exception {
		assertEndsAtOnce(thread);
	}

	@LongTest
	@Test
	void anErrorOfTheVirtualMachineEndsTheServiceAtOnce() throws Exception {
		assertEndsAtOnce("service");
	}

	private static void assertEndsAtOnce(String thread) throws Exception {
		Outcome outcome = run(thread);
		assertThat(outcome.exitCode()).as(outcome.said()).isEqualTo(70);
		assertThat(outcome.said()).contains(WHY).doesNotContain("a hook was run");
	}

	@Test
	void anyExceptionThatEndsTheThreadThatWaitsForRequestsEndsTheProcess() throws Exception {
		Outcome outcome = run("poller");
		assertThat(outcome.exitCode()).as(outcome.said()).isEqualTo(70);
		assertThat(outcome.said()).contains("as if").doesNotContain(WHY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "exception", "overflow" })
	void theProcessOutlivesOthers(String thread) throws Exception {
		Outcome outcome = run(thread);
		assertThat(outcome.exitCode()).as(outcome.said()).isZero();
		assertThat(outcome.said()).contains("alive").doesNotContain(WHY);
	}

	private static Outcome run(String thread) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp",
				System.getProperty("java.class.path"), Child.class.getName(), thread)
			.redirectErrorStream(true)
			.start();
		try {
			String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
			return new Outcome(process.exitValue(), said);
		}
		finally {
			process.destroyForcibly();
		}
	}

	private record Outcome(int exitCode, String said) {
	}

	/// Ends a thread in the way that it is told.
	static final class Child {

		public static void main(String[] args) throws Exception {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("a hook was run")));
			if (args[0].equals("service")) {
				AdaGradApplication.main(new String[] { "--server.port=0", "--adagrad.sessions.enabled=false" });
			}
			else {
				LastResort.install();
			}
			Thread.Builder builder = args[0].equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
			switch (args[0]) {
				case "platform", "virtual", "service" -> builder.start(() -> {
					throw new OutOfMemoryError("as if");
				}).join();
				case "full" -> builder.start(Child::fill).join();
				case "poller" -> builder.name("http-nio-8080-Poller").start(() -> {
					throw new IllegalStateException("as if");
				}).join();
				case "exception" -> builder.start(() -> {
					throw new IllegalStateException("as if");
				}).join();
				default -> overflow();
			}
			// only where the process lives on
			System.out.println("alive");
			System.exit(0);
		}

		private static void fill() {
			Object[] all = {};
			while (true) {
				for (int bytes = 1 << 24; bytes > 0; bytes /= 2) {
					try {
						while (true) {
							all = new Object[] { all, new byte[bytes] };
						}
					}
					catch (OutOfMemoryError ex) {
						if (bytes == 1 && all.length > 0) {
							throw ex;
						}
					}
				}
			}
		}

		/// A request that overflows the stack, in the way that Tomcat serves ours.
		private static void overflow() throws Exception {
			TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
			factory.addConnectorCustomizers(
					(connector) -> connector.getProtocolHandler().setExecutor(new VirtualThreadExecutor("test-")));
			WebServer server = factory
				.getWebServer((context) -> context.addServlet("deep", new Deep()).addMapping("/"));
			server.start();
			URI uri = URI.create("http://127.0.0.1:" + server.getPort() + "/");
			for (int i = 0; i < 3; i++) {
				HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
				if (connection.getResponseCode() != 500) {
					throw new IllegalStateException("it did not overflow");
				}
			}
			server.destroy();
		}

	}

	static final class Deep extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) {
			response.setStatus(deeper(0));
		}

		private static int deeper(int depth) {
			return (depth < 0) ? 0 : deeper(depth + 1) + 1;
		}

	}

}
