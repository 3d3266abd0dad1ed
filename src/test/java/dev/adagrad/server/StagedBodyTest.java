package dev.adagrad.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.LongTest;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.tensor.Shape;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// Bodies that go to temporary files: they do not count as memory, and no file outlives its request.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "adagrad.limits.max-inflight=6MB")
@Import(StagedBodyTest.EchoController.class)
@EnabledOnOs(OS.LINUX)
class StagedBodyTest {

	private static final int LARGE = 300_000;

	private static final String HEAD = "POST /adagrad/staged HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
			+ "Content-Type: application/json\r\n";

	@TempDir
	private static Path root;

	@LocalServerPort
	private int port;

	private TestClient client;

	@DynamicPropertySource
	static void folder(DynamicPropertyRegistry registry) {
		registry.add("adagrad.spool.path", () -> folder().toString());
	}

	private static Path folder() {
		return root.resolve("spool");
	}

	@BeforeEach
	void connect() {
		this.client = new TestClient(this.port);
	}

	@Test
	void whatIsStagedComesBack() {
		String array = "[0.5" + ",-1.0".repeat(LARGE) + ",2.0]";
		Answer answer = post(json("{'G':" + array + "}"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.body()).isEqualTo(json("{'G':" + array + "}"));
		assertNothingIsLeft();
	}

	@Test
	void refusedBodiesLeaveNothing() {
		String array = "[0.5" + ",-1.0".repeat(LARGE) + "]";
		assertThat(post(json("{'G':" + array + ",'H':1}")).problemCode()).isEqualTo("invalid-field");
		assertNothingIsLeft();
		assertThat(post(json("{'G':" + array + ",")).problemCode()).isEqualTo("malformed-body");
		assertNothingIsLeft();
		// read, and then found wanting
		Answer answer = post(json("{'parameter':" + array + "}"));
		assertThat(answer.problemCode()).isEqualTo("invalid-field");
		assertThat(answer.body()).contains("/G");
		assertNothingIsLeft();
	}

	@Test
	void chunksOfOneByteAreStaged() throws IOException {
		String document = json("{'G':[0.5" + ",-1.0".repeat(LARGE) + ",2.0]}");
		String answer = singleBytes(document, "0\r\n\r\n");
		assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + document);
		assertNothingIsLeft();
		String array = "[0.5" + ",-1.0".repeat(LARGE);
		assertThat(singleBytes(json("{'G':" + array + ",1e400]}"), "0\r\n\r\n")).startsWith("HTTP/1.1 422")
			.contains(json("'pointer':'/G/" + (LARGE + 1) + "'"));
		assertNothingIsLeft();
		assertThat(singleBytes(json("{'G':" + array), "0\r\n\r\n")).startsWith("HTTP/1.1 400")
			.contains(json("'code':'malformed-body'"));
		assertNothingIsLeft();
		// no chunk at all
		assertThat(singleBytes(json("{'G':" + array), "x\r\n")).startsWith("HTTP/1.1 400");
		assertNothingIsLeft();
	}

	@Test
	void aSmallBodyMayComeByteByByte() throws IOException {
		String document = json("{'G':[0.5,-1.0,2.0]}");
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setTcpNoDelay(true);
			OutputStream out = socket.getOutputStream();
			out.write((HEAD + "Content-Length: " + document.length() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			for (byte each : document.getBytes(StandardCharsets.US_ASCII)) {
				out.write(each);
			}
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.startsWith("HTTP/1.1 200")
				.endsWith("\r\n\r\n" + document);
		}
		assertNothingIsLeft();
	}

	/// @return the answer, its head and its body
	private String singleBytes(String document, String end) throws IOException {
		StringBuilder chunks = new StringBuilder(6 * document.length());
		for (int i = 0; i < document.length(); i++) {
			chunks.append("1\r\n").append(document.charAt(i)).append("\r\n");
		}
		byte[] bytes = chunks.append(end).toString().getBytes(StandardCharsets.US_ASCII);
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			OutputStream out = socket.getOutputStream();
			out.write((HEAD + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			out.write(bytes);
			return dechunked(socket.getInputStream().readAllBytes());
		}
	}

	/// What the service answers may have come in chunks too.
	private static String dechunked(byte[] answer) {
		String whole = new String(answer, StandardCharsets.UTF_8);
		int body = whole.indexOf("\r\n\r\n") + 4;
		if (!whole.substring(0, body).contains("Transfer-Encoding: chunked")) {
			return whole;
		}
		StringBuilder text = new StringBuilder(whole.substring(0, body));
		for (int at = body;;) {
			int line = whole.indexOf("\r\n", at);
			int length = Integer.parseInt(whole.substring(at, line), 16);
			if (length == 0) {
				return text.toString();
			}
			text.append(whole, line + 2, line + 2 + length);
			at = line + 2 + length + 2;
		}
	}

	private static boolean isEmpty(Path folder) {
		try (Stream<Path> files = Files.list(folder)) {
			return files.findAny().isEmpty();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void clientsThatAreGoneLeaveNothing() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream()
				.write(json("POST /adagrad/staged HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
						+ "Content-Length: 9999999\r\n\r\n{'G':[1" + ",2".repeat(LARGE))
					.getBytes(StandardCharsets.US_ASCII));
			// it has a name until it is open
			await(() -> openFiles() > 0 && isEmpty(folder()));
		}
		assertNothingIsLeft();
	}

	/// Of 4 MB that one client may take here, the numbers would take 16.
	@Test
	void onlyWhatIsHeldCounts() {
		String array = "[0.5" + ",-1.0".repeat(2_000_000) + "]";
		// a client that breaks off, as another test's does, may count for a moment longer
		await(() -> post(json("{'G':" + array + "}")).status() == 200);
		assertThat(chunked(json("{'G':" + array + "}")).status()).isEqualTo(200);
		assertThat(post(json("{'G':" + array + "}")).status()).isEqualTo(200);
		assertThat(chunked(json("{'G':" + array + "}")).status()).isEqualTo(200);
		assertThat(this.client.step(json("{'parameter':" + array + ",'grad':" + array + ",'G':[0]}")).problemCode())
			.isEqualTo("overloaded");
	}

	@LongTest
	@Test
	void aHeapFarSmallerThanTheBodyIsEnough() {
		int n = 10_000_000;
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx96m"),
				"--spring.main.sources=" + EchoController.class.getName(), "--adagrad.spool.path=" + folder())) {
			BodyPublisher body = BodyPublishers.ofInputStream(() -> new GeneratedBody(n));
			Answer answer = service.client()
				.send("POST", "/adagrad/staged/sum", body, "Content-Type", "application/json");
			assertThat(answer.body()).isEqualTo(json("{'elements':20000000,'sum':" + 12.25 * n + "}"));
		}
		assertThat(folder()).isEmptyDirectory();
	}

	private Answer post(String body) {
		return this.client.send("POST", "/adagrad/staged", body, "Content-Type", "application/json");
	}

	private Answer chunked(String body) {
		return this.client.send("POST", "/adagrad/staged",
				BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII))),
				"Content-Type", "application/json");
	}

	/// Looks at the descriptors that the process has open. A request may be answered a
	/// moment before it is over.
	private static void assertNothingIsLeft() {
		await(() -> openFiles() == 0);
		assertThat(folder()).isEmptyDirectory();
	}

	private static void await(BooleanSupplier condition) {
		Instant end = Instant.now().plus(Duration.ofSeconds(10));
		while (!condition.getAsBoolean()) {
			assertThat(Instant.now()).isBefore(end);
			Thread.onSpinWait();
		}
	}

	private static long openFiles() {
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return descriptors.filter(StagedBodyTest::isSpooled).count();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isSpooled(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).startsWith(folder());
		}
		catch (IOException ex) {
			// closed meanwhile
			return false;
		}
	}

	/// `{"step":5,"G":[…],"parameter":[…]}`, made as it is read.
	private static final class GeneratedBody extends InputStream {

		private final int size;

		private int array;

		private int element;

		private byte[] piece = json("{'step':5,'G':[").getBytes(StandardCharsets.US_ASCII);

		private int at;

		GeneratedBody(int size) {
			this.size = size;
		}

		@Override
		public int read() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int read(byte[] bytes, int offset, int length) {
			if (this.at == this.piece.length && !next()) {
				return -1;
			}
			int count = Math.min(length, this.piece.length - this.at);
			System.arraycopy(this.piece, this.at, bytes, offset, count);
			this.at += count;
			return count;
		}

		private boolean next() {
			if (this.array == 2) {
				return false;
			}
			// a block whose numbers are all the same would take no room, in memory or in
			// a file
			String two = (this.array == 0) ? "0.125,0.375" : "11,13";
			if (this.element == this.size) {
				this.piece = ((this.array == 0) ? json("],'parameter':[") : "]}").getBytes(StandardCharsets.US_ASCII);
				this.array++;
				this.element = 0;
			}
			else {
				int pairs = Math.min(5_000, (this.size - this.element) / 2);
				this.piece = ((this.element == 0) ? two + ("," + two).repeat(pairs - 1) : ("," + two).repeat(pairs))
					.getBytes(StandardCharsets.US_ASCII);
				this.element += 2 * pairs;
			}
			this.at = 0;
			return true;
		}

	}

	/// Answers what it was sent, or the sum of it.
	@RestController
	static class EchoController {

		@PostMapping("/adagrad/staged")
		Echo echo(@Valid @RequestBody Staged body) {
			// from memory again, which is enough here
			List<Tensor> tensors = Stream.of(body.G())
				.flatMap((blocks) -> StreamSupport.stream(blocks.spliterator(), false))
				.map((block) -> block.as(DType.F64))
				.toList();
			return new Echo(new Blocks<>() {
				@Override
				public Shape shape() {
					return body.G().shape();
				}

				@Override
				public Iterator<Tensor> iterator() {
					return tensors.iterator();
				}
			});
		}

		@PostMapping("/adagrad/staged/sum")
		Sum sum(@RequestBody Staged body) {
			double sum = 0;
			long elements = 0;
			for (Blocks<Numbers> blocks : List.of(body.G(), body.parameter())) {
				for (Numbers block : blocks) {
					elements += block.size();
					for (int i = 0; i < block.size(); i++) {
						sum += block.valueAt(i);
					}
				}
			}
			return new Sum(elements, sum);
		}

	}

	record Staged(@Nullable Long step, @JsonProperty("G") @NotNull Blocks<Numbers> G,
			@Nullable Blocks<Numbers> parameter) implements Message {
	}

	record Echo(@JsonProperty("G") Blocks<Tensor> G) implements Message {
	}

	record Sum(long elements, double sum) implements Message {
	}

}
