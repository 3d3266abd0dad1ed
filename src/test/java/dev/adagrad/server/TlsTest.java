package dev.adagrad.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;

import dev.adagrad.LongTest;
import dev.adagrad.RunningService;
import dev.adagrad.ServiceProcess;
import dev.adagrad.TestClient;
import dev.adagrad.TlsKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.adagrad.Json.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/// The service where it ends TLS itself, with the key and the certificate of an SSL bundle. [SlowSecureClientsTest] is about
/// clients that take their time, [Http2Test] about large bodies over HTTP/2.
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class TlsTest {

	private static final String STEP = json("{'parameter':1,'grad':0.5,'G':0}");

	private static final String STEPPED = json("{'parameter':0.9900000002,'G':0.25}");

	private static final String HEADER = "POST /adagrad/step HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
			+ "Content-Length: " + STEP.length() + "\r\n\r\n";

	/// What the JVM or a logger prints if something is wrong.
	private static final String COMPLAINT = "(?s).*( WARN | ERROR |Exception|\n\tat ).*";

	@TempDir
	private static Path folder;

	private static TlsKeys keys;

	private static RunningService service;

	private static TestClient client;

	@BeforeAll
	static void start() throws IOException, InterruptedException, GeneralSecurityException {
		keys = TlsKeys.in(folder.resolve("first"));
		service = RunningService
			.start(and(keys.settings(), store("first"), "--server.http2.enabled=true", "--adagrad.limits.grace=1s"));
		client = TestClient.secure(keys.context(), service.port());
	}

	@AfterAll
	static void stop() {
		service.close();
	}

	private static String store(String name) {
		return "--adagrad.store.path=" + folder.resolve("store-" + name);
	}

	private static String[] and(String[] settings, String... more) {
		return Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new);
	}

	@Test
	void stepsAndSessionsAreAsOverClearText() {
		assertThat(client.step(STEP).body()).isEqualTo(STEPPED);
		String[] type = { "Content-Type", "application/json" };
		assertThat(client.send("PUT", "/adagrad/sessions/s", json("{'parameter':[1,2]}"), type).status())
			.isEqualTo(201);
		assertThat(client.send("POST", "/adagrad/sessions/s/step", json("{'grad':[0.5,0]}"), type).body())
			.isEqualTo(json("{'step':1,'parameter':[0.9900000002,2.0]}"));
	}

	@Test
	void aBodyAndAnAnswerOfSeveralMegabytes() {
		int n = 1_000_000;
		String array = "[0.5" + ",0.5".repeat(n - 1) + "]";
		TestClient.Answer answer = client
			.step(json("{'parameter':" + array + ",'grad':" + array + ",'G':" + array + ",'epsilon':0}"));
		// G = 0.5 + 0.25; 0.5 - 0.01 * 0.5 / sqrt(0.75) = 0.49422649730810375
		assertThat(answer.body().length()).isEqualTo("{'parameter':[],'G':[]}".length() + (19 + 1 + 4 + 1) * n - 2);
		assertThat(answer.body()).startsWith(json("{'parameter':[0.49422649730810375,0.49422649730810375,"))
			.endsWith(",0.75,0.75]}");
	}

	@Test
	void whoSpeaksClearTextIsToldThatThisIsTls(CapturedOutput log) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream().write((HEADER + STEP).getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 400 ")
				.endsWith("This combination of host and port requires TLS.\r\n");
		}
		assertThat(log.toString()).doesNotMatch(COMPLAINT);
	}

	@Test
	void whoSpeaksNeitherHarmsNobody(CapturedOutput log) throws IOException {
		for (String nonsense : List.of("\u0016\u0003\u0001", "\u0016\u0003\u0001\u0000\u0005hello", "\r\n\r\n",
				"SSH-2.0-x\r\n")) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
				socket.getOutputStream().write(nonsense.getBytes(StandardCharsets.ISO_8859_1));
				socket.shutdownOutput();
			}
		}
		assertThat(client.step(STEP).body()).isEqualTo(STEPPED);
		assertThat(log.toString()).doesNotMatch(COMPLAINT);
	}

	@ParameterizedTest
	@CsvSource({ "HTTP_2, HTTP_2", "HTTP_1_1, HTTP_1_1" })
	void theVersionOfHttpIsTheClientsChoice(Version offered, Version chosen)
			throws IOException, InterruptedException, GeneralSecurityException {
		try (HttpClient http = HttpClient.newBuilder().version(offered).sslContext(keys.context()).build()) {
			assertThat(http.send(request(service.port()), BodyHandlers.ofString())).satisfies((answer) -> {
				assertThat(answer.body()).isEqualTo(STEPPED);
				assertThat(answer.version()).isEqualTo(chosen);
			});
		}
	}

	private static HttpRequest request(int port) {
		return HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/adagrad/step"))
			.header("Content-Type", "application/json")
			.timeout(Duration.ofSeconds(60))
			.POST(HttpRequest.BodyPublishers.ofString(STEP))
			.build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void presentVersionsOfTlsAreSpoken(String version) throws IOException, GeneralSecurityException {
		try (SSLSocket socket = connect(keys.context(), service.port())) {
			socket.setEnabledProtocols(new String[] { version });
			assertThat(step(socket)).endsWith(STEPPED);
			assertThat(socket.getSession().getProtocol()).isEqualTo(version);
		}
	}

	/// TLS 1.0 and 1.1, as their client begins: no client of the JDK speaks them either.
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void olderVersionsOfTlsAreRefused(int minor) throws IOException {
		byte[] ciphers = { (byte) 0xc0, 0x13, (byte) 0xc0, 0x09, 0, 0x2f };
		byte[] hello = ByteBuffer.allocate(54)
			.put(new byte[] { 22, 3, 1, 0, 47, 1, 0, 0, 43, 3, (byte) minor })
			.put(new byte[33])
			.putShort((short) ciphers.length)
			.put(ciphers)
			.put(new byte[] { 1, 0 })
			.array();
		hello[4] = (byte) (hello.length - 5);
		hello[8] = (byte) (hello.length - 9);
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream().write(hello);
			byte[] alert = socket.getInputStream().readNBytes(7);
			assertThat(alert).as("fatal alert: protocol_version").startsWith(21, 3).endsWith(0, 2, 2, 70);
		}
	}

	@Test
	void changedFilesAreTheCertificateOfNewConnections(CapturedOutput log)
			throws IOException, InterruptedException, GeneralSecurityException {
		TlsKeys used = TlsKeys.in(folder.resolve("used"));
		TlsKeys next = TlsKeys.in(folder.resolve("next"));
		TlsKeys last = TlsKeys.in(folder.resolve("last"));
		Certificate before = used.certificate();
		try (RunningService reloads = RunningService.start(and(used.settings(), store("reloads")));
				SSLSocket underWay = connect(used.context(), reloads.port())) {
			assertThat(underWay.getSession().getPeerCertificates()).containsExactly(before);
			underWay.getOutputStream().write(HEADER.getBytes(StandardCharsets.US_ASCII));

			used.replaceBy(next);
			await(() -> isServed(reloads, next));
			assertThat(log).contains("new connections get the certificate of CN=next, valid until ");

			underWay.getOutputStream().write(STEP.getBytes(StandardCharsets.US_ASCII));
			assertThat(answer(underWay)).endsWith(STEPPED);
			assertThat(step(underWay)).as("the next request of that connection").endsWith(STEPPED);

			Files.writeString(used.certificateFile(), "-----BEGIN CERTIFICATE-----\nbroken");
			await(() -> log.toString().contains("SSL reload error"));
			assertThat(isServed(reloads, next)).isTrue();

			Files.copy(last.certificateFile(), used.certificateFile(), StandardCopyOption.REPLACE_EXISTING);
			await(() -> log.toString().contains("Private key in keystore matches none of the certificates"));
			assertThat(isServed(reloads, next)).as("a certificate without its key").isTrue();

			used.replaceBy(last);
			await(() -> isServed(reloads, last));
		}
	}

	private static boolean isServed(RunningService reloads, TlsKeys expected) {
		try (SSLSocket socket = connect(expected.context(), reloads.port())) {
			return step(socket).endsWith(STEPPED);
		}
		catch (SSLHandshakeException ex) {
			return false;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void await(BooleanSupplier condition) {
		long begun = System.nanoTime();
		while (!condition.getAsBoolean()) {
			assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
			LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
		}
	}

	@Test
	void onlyClientsWithACertificateAreServedWhereOneIsNeeded()
			throws IOException, InterruptedException, GeneralSecurityException {
		TlsKeys caller = TlsKeys.in(folder.resolve("caller"));
		TlsKeys stranger = TlsKeys.in(folder.resolve("stranger"));
		try (RunningService mutual = RunningService
			.start(and(keys.settings(), store("mutual"), "--server.ssl.client-auth=need",
					"--spring.ssl.bundle.pem.web.truststore.certificate=" + caller.certificateFile()))) {
			TestClient known = TestClient.secure(caller.trusting(keys.certificate()), mutual.port());
			assertThat(known.step(STEP).body()).isEqualTo(STEPPED);
			for (SSLContext refused : List.of(keys.context(), stranger.trusting(keys.certificate()))) {
				assertThatException().isThrownBy(() -> TestClient.secure(refused, mutual.port()).step(STEP))
					.withRootCauseInstanceOf(SSLHandshakeException.class);
			}
		}
	}

	/// Buffers are made for each connection, used again, and given up when the service
	/// stops.
	@LongTest
	@Test
	void aSmallHeapIsEnoughForManyConnections() throws IOException, GeneralSecurityException {
		ServiceProcess small = ServiceProcess.start(List.of("-Xmx128m"), and(keys.settings(), store("small")));
		try (small) {
			List<SSLSocket> open = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				SSLSocket socket = connect(keys.context(), small.port());
				open.add(socket);
				assertThat(step(socket)).endsWith(STEPPED);
			}
			for (SSLSocket socket : open) {
				socket.close();
			}
		}
		assertThat(String.join("\n", small.printed())).as("from the start to the end")
			.doesNotMatch(COMPLAINT)
			.doesNotContain("Unsafe");
	}

	/// [SlowSecureClientsTest] has more of them, and takes its time.
	@Test
	void aBodyThatStopsIs408() throws IOException, GeneralSecurityException {
		try (SSLSocket socket = connect(keys.context(), service.port())) {
			socket.getOutputStream().write((HEADER + "{").getBytes(StandardCharsets.US_ASCII));
			assertThat(answer(socket)).startsWith("HTTP/1.1 408 ");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"server.ssl.bundle=web | keystore.certificate=none.pem | there is no file none.pem.",
			"server.ssl.bundle=web | keystore.certificate=FOLDER/first/key.pem | Missing certificates or unrecognized format.",
			"server.ssl.bundle=wob | keystore.type=PKCS12 | SSL bundle name 'wob' cannot be found." })
	void whatIsWrongWithTheFilesIsSaidInASentence(String bundle, String setting, String sentence, CapturedOutput log) {
		assertThatException().isThrownBy(
				() -> RunningService
					.start("--" + bundle, store("none"),
							"--spring.ssl.bundle.pem.web." + setting.replace("FOLDER", folder.toString()),
							"--spring.ssl.bundle.pem.web.keystore.private-key=" + keys.keyFile())
					.close());
		assertThat(log).contains("TLS cannot be set up: " + sentence)
			.contains("server.ssl.bundle names a bundle")
			.doesNotContain("\tat ");
	}

	private static SSLSocket connect(SSLContext context, int port) throws IOException {
		SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
		socket.setSoTimeout(20_000);
		return socket;
	}

	private static String step(SSLSocket socket) throws IOException {
		socket.getOutputStream().write((HEADER + STEP).getBytes(StandardCharsets.US_ASCII));
		return answer(socket);
	}

	/// Reads an answer that ends as a step's.
	private static String answer(SSLSocket socket) throws IOException {
		StringBuilder read = new StringBuilder();
		while (!read.toString().endsWith("}")) {
			int next = socket.getInputStream().read();
			assertThat(next).as("an answer, not %s", read).isNotNegative();
			read.append((char) next);
		}
		return read.toString();
	}

}
