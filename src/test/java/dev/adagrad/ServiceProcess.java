package dev.adagrad;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/// The service in a JVM of its own, on a free port: with a heap of its own, and to be killed.
public final class ServiceProcess implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

	private static final int PATIENCE_SECONDS = 60;

	private static final int MOST_LINES = 10_000;

	private final Process process;

	private final Queue<String> printed;

	private final Thread reader;

	private final int port;

	private final Path temporary;

	private ServiceProcess(Process process, Queue<String> printed, Thread reader, int port, Path temporary) {
		this.process = process;
		this.printed = printed;
		this.reader = reader;
		this.port = port;
		this.temporary = temporary;
	}

	/// Starts the service and waits until it listens.
	/// @param jvmOptions such as `-Xmx64m`; without another the JVM compiles for a short
	/// life (`-XX:TieredStopAtLevel=1`)
	/// @param arguments such as `--adagrad.limits.max-elements=10`
	public static ServiceProcess start(List<String> jvmOptions, String... arguments) {
		Path temporary = temporary();
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-XX:TieredStopAtLevel=1"));
		command.addAll(jvmOptions);
		command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				AdaGradApplication.class.getName(), "--server.port=0"));
		command.addAll(List.of(arguments));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			CompletableFuture<Integer> port = new CompletableFuture<>();
			Queue<String> printed = new ConcurrentLinkedQueue<>();
			Thread reader = Thread.ofVirtual().start(() -> follow(process, printed, port));
			return new ServiceProcess(process, printed, reader,
					port.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join(), temporary);
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

	/// Reads all that the process prints, so that it never blocks on a full pipe; keeps
	/// the first lines.
	private static void follow(Process process, Queue<String> printed, CompletableFuture<Integer> port) {
		int count = 0;
		try (BufferedReader lines = process.inputReader()) {
			String line;
			while ((line = lines.readLine()) != null) {
				Matcher started = STARTED.matcher(line);
				if (started.find()) {
					port.complete(Integer.valueOf(started.group(1)));
				}
				if (count++ < MOST_LINES) {
					printed.add(line);
				}
			}
		}
		catch (IOException ex) {
			printed.add(ex.toString());
		}
		port.completeExceptionally(
				new IllegalStateException("the service did not start:\n" + String.join("\n", printed)));
	}

	/// What it has printed until now, the first 10,000 lines of it.
	public List<String> printed() {
		return List.copyOf(this.printed);
	}

	/// Linux: how much of the machine's memory it takes (`VmRSS`), and at most has taken
	/// (`VmHWM`).
	/// @throws IllegalStateException if it has ended
	public String memory() {
		try (Stream<String> lines = Files.lines(Path.of("/proc/" + this.process.pid() + "/status"))) {
			return lines.filter((line) -> line.startsWith("VmHWM") || line.startsWith("VmRSS"))
				.map((line) -> line.replaceAll("\\s+", " "))
				.collect(Collectors.joining(", "));
		}
		catch (IOException ex) {
			throw new IllegalStateException("the service has ended:\n" + String.join("\n", this.printed), ex);
		}
	}

	/// To be told to stop.
	public Process process() {
		return this.process;
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

	/// Lets it end by itself. What it prints at its end can be read afterwards.
	/// @throws IllegalStateException if it does not; then it is killed
	@Override
	public void close() {
		// Process.destroy would close the pipe first
		this.process.toHandle().destroy();
		awaitEnd();
	}

	private void awaitEnd() {
		try {
			this.process.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
			this.reader.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		catch (CompletionException ex) {
			this.process.destroyForcibly();
			throw new IllegalStateException("the service did not end:\n" + String.join("\n", this.printed), ex);
		}
		finally {
			deleteTemporary();
		}
	}

	private void deleteTemporary() {
		try {
			FileSystemUtils.deleteRecursively(this.temporary);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
