package dev.adagrad;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.util.FileSystemUtils;

/// The service in a JVM of its own, on a free port: with a heap of its own, and to be killed.
public final class ServiceProcess implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	private static final int PATIENCE_SECONDS = 60;

	private final Process process;

	private final int port;

	private final Path temporary;

	private ServiceProcess(Process process, int port, Path temporary) {
		this.process = process;
		this.port = port;
		this.temporary = temporary;
	}

	/// Starts the service and waits until it listens.
	/// @param jvmOptions such as `-Xmx64m`
	/// @param arguments such as `--adagrad.limits.max-elements=10`
	public static ServiceProcess start(List<String> jvmOptions, String... arguments) {
		Path temporary = temporary();
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.add("-Djava.io.tmpdir=" + temporary);
		command.addAll(jvmOptions);
		command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), AdaGradApplication.class.getName(), "--server.port=0"));
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			CompletableFuture<Integer> port = new CompletableFuture<>();
			Thread.ofVirtual().start(() -> follow(process, port));
			return new ServiceProcess(process, port.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join(), temporary);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/// Who is killed cannot delete its temporary files.
	private static Path temporary() {
		try {
			return Files.createTempDirectory("adagrad-service");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// Reads all that the process prints, so that it never blocks on a full pipe.
	private static void follow(Process process, CompletableFuture<Integer> port) {
		StringBuilder printed = new StringBuilder();
		try (BufferedReader lines = process.inputReader()) {
			String line;
			while ((line = lines.readLine()) != null) {
				Matcher started = STARTED.matcher(line);
				if (started.find()) {
					port.complete(Integer.valueOf(started.group(1)));
				}
				if (!port.isDone()) {
					printed.append(line).append('\n');
				}
			}
		}
		catch (IOException ex) {
			printed.append(ex);
		}
		port.completeExceptionally(new IllegalStateException("the service did not start:\n" + printed));
	}

	/// The port it listens on, on loopback.
	public int port() {
		return this.port;
	}

	public TestClient client() {
		return new TestClient(this.port);
	}

	/// As `kill -9` does.
	public void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	@Override
	public void close() {
		this.process.destroy();
		awaitEnd();
	}

	private void awaitEnd() {
		this.process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
		try {
			FileSystemUtils.deleteRecursively(this.temporary);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
