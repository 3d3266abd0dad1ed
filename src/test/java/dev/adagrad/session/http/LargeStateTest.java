package dev.adagrad.session.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.adagrad.LongTest;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient.Answer;
import dev.adagrad.TestClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;

/// State of ten million elements, through a heap that holds one of its two tensors and not the other.
@LongTest
class LargeStateTest {

	private static final int SIZE = 10_000_000;

	private static final long MOST_BYTES_OF_LOG = 400L << 20;

	@TempDir
	private Path folder;

	@Test
	void itStreamsInAndOutAndASlowReaderIsInNobodysWay() throws IOException, InterruptedException {
		try (ServiceProcess service = ServiceProcess.start(List.of("-Xmx160m"), "--adagrad.limits.max-request-size=1GB",
				"--adagrad.store.path=" + this.folder, "--adagrad.store.durability=os",
				"--adagrad.spool.path=" + this.folder.resolve("spool"))) {
			SessionClient large = new SessionClient(service.client(), "large");
			large.created(json("{'size':") + SIZE + json(",'initial_parameter_value':0}"));
			assertThat(restore(service, (i) -> (i == SIZE - 1) ? "-1.0" : "1.0").body()).contains("/G/9999999");
			assertThat(large.describe().json().get("step").asInt()).isZero();
			assertThat(restore(service, LargeStateTest::number).statusCode()).isEqualTo(204);
			assertStreamsOut(service);
			try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
				OutputStream out = slow.getOutputStream();
				out.write("GET /adagrad/sessions/large/state HTTP/1.1\r\nHost: localhost\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
				out.flush();
				assertThat(slow.getInputStream().read()).isEqualTo('H');
				stepOthers(service.client());
				assertThat(logBytes()).isLessThan(MOST_BYTES_OF_LOG);
			}
		}
	}

	private static String number(long i) {
		return (i % 1000) / 8.0 + "";
	}

	private static HttpResponse<String> restore(ServiceProcess service, LongFunction<String> number)
			throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(uri(service))
			.header("Content-Type", "application/json")
			.PUT(BodyPublishers.ofInputStream(() -> body(number)))
			.build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
	}

	/// `{"step":7,"G":[…],"parameter":[…]}`, made as it is read.
	private static InputStream body(LongFunction<String> number) {
		Stream<String> parts = Stream
			.of(Stream.of(json("{'step':7,'G':[")), numbers(number), Stream.of(json("],'parameter':[")),
					numbers(LargeStateTest::number), Stream.of("]}"))
			.flatMap((part) -> part);
		return new Parts(parts.iterator());
	}

	private static Stream<String> numbers(LongFunction<String> number) {
		int perPart = 1000;
		return IntStream.range(0, SIZE / perPart).mapToObj((part) -> {
			StringBuilder text = new StringBuilder();
			for (long i = (long) part * perPart; i < (part + 1L) * perPart; i++) {
				text.append((i == 0) ? "" : ",").append(number.apply(i));
			}
			return text.toString();
		});
	}

	private static void assertStreamsOut(ServiceProcess service) throws IOException, InterruptedException {
		HttpResponse<InputStream> answer = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri(service)).build(), BodyHandlers.ofInputStream());
		assertThat(answer.statusCode()).isEqualTo(200);
		try (InputStream actual = new BufferedInputStream(answer.body(), 1 << 16);
				InputStream expected = new BufferedInputStream(body(LargeStateTest::number), 1 << 16)) {
			long position = 0;
			int wanted;
			do {
				wanted = expected.read();
				if (actual.read() != wanted) {
					throw new AssertionError("the state differs from what was restored, at byte " + position);
				}
				position++;
			}
			while (wanted >= 0);
		}
	}

	/// More than the write-ahead log may keep.
	private static void stepOthers(TestClient client) {
		SessionClient other = new SessionClient(client, "other")
			.created(json("{'size':100000,'initial_parameter_value':0}"));
		String grad = json("{'grad':[") + "1,".repeat(99_999) + "1]}";
		for (int i = 1; i <= 400; i++) {
			Answer answer = other.step(grad, "Prefer", "return=minimal");
			assertThat(answer.body()).isEqualTo(json("{'step':") + i + "}");
		}
	}

	private long logBytes() throws IOException {
		try (Stream<Path> files = Files.list(this.folder)) {
			return files.filter((file) -> file.toString().endsWith("-wal"))
				.mapToLong((file) -> file.toFile().length())
				.sum();
		}
	}

	private static URI uri(ServiceProcess service) {
		return URI.create("http://127.0.0.1:" + service.port() + "/adagrad/sessions/large/state");
	}

	/// Strings, one after the other, as bytes.
	private static final class Parts extends InputStream {

		private final Iterator<String> parts;

		private byte[] part = {};

		private int position;

		Parts(Iterator<String> parts) {
			this.parts = parts;
		}

		@Override
		public int read() {
			return hasMore() ? this.part[this.position++] : -1;
		}

		@Override
		public int read(byte[] buffer, int offset, int length) {
			if (!hasMore()) {
				return -1;
			}
			int count = Math.min(length, this.part.length - this.position);
			System.arraycopy(this.part, this.position, buffer, offset, count);
			this.position += count;
			return count;
		}

		private boolean hasMore() {
			while (this.position == this.part.length && this.parts.hasNext()) {
				this.part = this.parts.next().getBytes(StandardCharsets.US_ASCII);
				this.position = 0;
			}
			return this.position < this.part.length;
		}

	}

}
