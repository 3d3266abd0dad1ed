package dev.adagrad.container;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/// Trains the AOT cache of the image: starts the service by the command in its arguments, calls what a first client
/// will call, and stops it as `docker stop` does, upon which the JVM of the service writes the cache.
///
/// The command is that of the image's `ENTRYPOINT` with `-XX:AOTCacheOutput=FILE` added. The service takes a free port,
/// which is read from its log, so that a build shares a network with anyone. Any call that is refused fails the image
/// build, and so does a service that does not stop by itself.
///
/// @see <a href="https://openjdk.org/jeps/514">JEP 514: Ahead-of-Time Command-Line Ergonomics</a>
/// @see <a href="https://openjdk.org/jeps/515">JEP 515: Ahead-of-Time Method Profiling</a>
public final class WarmUp {

	/// A few steps as clients send them in JSON: arrays, bare numbers, every
	/// hyperparameter.
	static final List<String> STEPS = List.of("""
			{"parameter":[1.0,2.0,3.0],"grad":[0.1,0.2,0.3],"G":[0.0,0.0,0.0]}""", """
			{"parameter":1.0,"grad":0.1,"G":1.0,"learning_rate":0.01,"epsilon":1e-8}""", """
			{"parameter":[0.5,-0.5,1.0],"grad":[0.5,-0.3,0.1],"G":[0.5,0.25,0.1],"dtype":"F32","preset":"torch",\
			"include":["effective_learning_rate","update"]}""");

	/// The header of a step as a safetensors file: three elements each.
	static final String FILE_HEADER = """
			{"__metadata__":{"learning_rate":"0.1"},"parameter":{"dtype":"F64","shape":[3],"data_offsets":[0,24]},\
			"grad":{"dtype":"F64","shape":[3],"data_offsets":[24,48]},"G":{"dtype":"F64","shape":[3],"data_offsets":[48,72]}}""";

	/// A session that holds its parameter, under an id of the service's choice.
	static final String SESSION = "{\"parameter\":[1.0,2.0,3.0]}";

	static final String SESSIONS = "/adagrad/sessions";

	static final String SESSION_STEP = "{\"grad\":[0.1,0.2,0.3]}";

	/// Each call so often that the profiles kept in the cache tell hot code from cold.
	private static final int ROUNDS = 50;

	private static final Duration START_TIMEOUT = Duration.ofMinutes(2);

	/// Writing the cache is part of stopping, and takes its time under emulation of
	/// another architecture.
	private static final Duration STOP_TIMEOUT = Duration.ofMinutes(10);

	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

	private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

	/// How a JVM ends that was told to by `TERM`.
	private static final int EXIT_TERMINATED = 128 + 15;

	private static final Pattern STARTED = Pattern.compile("started on ports?:? (\\d+)");

	private WarmUp() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		if (args.length == 0) {
			System.err.println("usage: WarmUp COMMAND...   (the command that starts the service)");
			System.exit(2);
		}
		train(Arrays.asList(args));
	}

	/// Starts the service, calls it, stops it.
	/// @throws IllegalStateException if the service does not start, a call is refused, or
	/// the service does not stop by itself
	static void train(List<String> command) throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().put("SERVER_PORT", "0");
		Process service = builder.start();
		// ends the wait for a log line that never comes
		CompletableFuture<?> startLimit = CompletableFuture.runAsync(service::destroyForcibly,
				CompletableFuture.delayedExecutor(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS));
		// not closed here: its reader holds it, and ends with the service
		BufferedReader log = service.inputReader();
		try {
			URI base = URI.create("http://127.0.0.1:" + portFrom(log));
			startLimit.cancel(false);
			// whoever does not read the log on stops the service when the pipe is full
			Thread reader = Thread.ofPlatform().daemon().start(() -> log.lines().forEach(System.out::println));
			awaitReady(base, START_TIMEOUT, POLL_INTERVAL);
			call(base, ROUNDS);
			// by its handle: Process.destroy would close the log as well, and the JVM
			// that writes the cache, which logs to it too, would die of that
			service.toHandle().destroy();
			if (!service.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("the service has not stopped within " + STOP_TIMEOUT);
			}
			reader.join();
			if (service.exitValue() != 0 && service.exitValue() != EXIT_TERMINATED) {
				throw new IllegalStateException("the service has stopped with exit code " + service.exitValue());
			}
		}
		finally {
			startLimit.cancel(false);
			service.destroyForcibly();
		}
	}

	/// The port that the service says it has started on; what is read of its log on the
	/// way is printed.
	static int portFrom(BufferedReader log) throws IOException {
		for (String line = log.readLine(); line != null; line = log.readLine()) {
			System.out.println(line);
			Matcher started = STARTED.matcher(line);
			if (started.find()) {
				return Integer.parseInt(started.group(1));
			}
		}
		throw new IllegalStateException("the service has stopped before it had started");
	}

	/// Returns as soon as the service is ready.
	/// @throws IllegalStateException if it is not within the timeout
	static void awaitReady(URI base, Duration timeout, Duration interval) throws IOException, InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		for (int status = 0; status != HttpURLConnection.HTTP_OK; status = status(base, "GET", HealthCheck.PATH,
				null)) {
			if (System.nanoTime() - deadline > 0) {
				throw new IllegalStateException("the service is not ready after " + timeout);
			}
			if (status != 0) {
				Thread.sleep(interval);
			}
		}
	}

	/// Calls everything that a first client will call, a number of times.
	/// @throws IllegalStateException if an answer is not one of success
	static void call(URI base, int rounds) throws IOException {
		for (int round = 0; round < rounds; round++) {
			for (String step : STEPS) {
				expectSuccess(base, "POST", "/adagrad/step", Body.json(step));
			}
			expectSuccess(base, "POST", "/adagrad/step",
					Body.file(FILE_HEADER, 1.0, 2.0, 3.0, 0.1, 0.2, 0.3, 0.0, 0.0, 0.0));
			String session = SESSIONS + "/warm-up-" + round;
			expectSuccess(base, "PUT", session, Body.json(SESSION));
			expectSuccess(base, "POST", session + "/step", Body.json(SESSION_STEP));
			expectSuccess(base, "GET", session + "/state", null);
			expectSuccess(base, "GET", session, null);
			expectSuccess(base, "DELETE", session, null);
			expectSuccess(base, "GET", HealthCheck.PATH, null);
		}
		expectSuccess(base, "GET", SESSIONS, null);
		expectSuccess(base, "GET", "/v3/api-docs", null);
	}

	private static void expectSuccess(URI base, String method, String path, @Nullable Body body) throws IOException {
		int status = status(base, method, path, body);
		if (!isSuccess(status)) {
			throw new IllegalStateException(method + " " + path + ((body != null) ? " of " + body.shown() : "")
					+ " was answered with " + status);
		}
	}

	private static boolean isSuccess(int status) {
		return status / 100 == 2;
	}

	/// Sends a request, and tells the status of the answer.
	private static int status(URI base, String method, String path, @Nullable Body body) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) base.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
		connection.setRequestMethod(method);
		connection.setConnectTimeout((int) ANSWER_TIMEOUT.toMillis());
		connection.setReadTimeout((int) ANSWER_TIMEOUT.toMillis());
		if (body != null) {
			connection.setDoOutput(true);
			connection.setRequestProperty("Content-Type", body.type());
			try (OutputStream out = connection.getOutputStream()) {
				out.write(body.bytes().array());
			}
		}
		int status = connection.getResponseCode();
		if (isSuccess(status)) {
			// read whole, the connection is used again
			connection.getInputStream().readAllBytes();
		}
		else {
			connection.disconnect();
		}
		return status;
	}

	/// What is sent.
	///
	/// @param type its media type
	/// @param bytes all of its array
	/// @param shown what is told of it where it is refused
	private record Body(String type, ByteBuffer bytes, String shown) {

		static Body json(String json) {
			return new Body("application/json", ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)), json);
		}

		/// A safetensors file.
		static Body file(String header, double... elements) {
			byte[] text = header.getBytes(StandardCharsets.UTF_8);
			ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + text.length + elements.length * Double.BYTES)
				.order(ByteOrder.LITTLE_ENDIAN)
				.putLong(text.length)
				.put(text);
			for (double element : elements) {
				bytes.putDouble(element);
			}
			return new Body("application/vnd.safetensors", bytes, header);
		}

	}

}
