package dev.adagrad;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// The service in the JVM of the tests, on a free port: it starts in a fraction of the time that [ServiceProcess] takes. For
/// who neither kills it nor gives it a heap of its own.
public final class RunningService implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private RunningService(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/// Starts the service and waits until it listens.
	/// @param arguments such as `--adagrad.limits.max-elements=10`; without another the
	/// store is as in all tests
	public static RunningService start(String... arguments) {
		return new RunningService(
				new SpringApplicationBuilder(AdaGradApplication.class).properties("server.port=0").run(arguments));
	}

	/// The port it listens on.
	public int port() {
		return ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	public TestClient client() {
		return new TestClient(port());
	}

	/// Stops it as a service is that is told to stop.
	@Override
	public void close() {
		this.context.close();
	}

}
