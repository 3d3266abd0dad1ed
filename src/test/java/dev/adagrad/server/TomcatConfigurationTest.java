package dev.adagrad.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import dev.adagrad.ServiceProcess;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/// What Tomcat is told beyond Spring Boot's settings.
class TomcatConfigurationTest {

	private static final String PASSWORD = "changeit";

	@TempDir
	private Path folder;

	@Test
	void connectionsTakeAnEighthOfWhatTheHeapHasForRequests() {
		long heapBytes = Runtime.getRuntime().maxMemory();
		assertThat(heapBytes).isGreaterThan(1 << 30);
		assertThat(maxConnections(Integer.MAX_VALUE)).isEqualTo((int) ((heapBytes - (48 << 20)) / 8 / (64 * 1024)));
		assertThat(maxConnections(10)).isEqualTo(10);
	}

	private static int maxConnections(int set) {
		AtomicInteger found = new AtomicInteger();
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.addConnectorCustomizers((connector) -> protocol(connector).setMaxConnections(set));
		new TomcatConfiguration().bufferDirectly(PropertiesTest.limits("grace", "20s")).customize(factory);
		factory.addConnectorCustomizers((connector) -> found.set(protocol(connector).getMaxConnections()));
		factory.getWebServer().destroy();
		return found.get();
	}

	private static AbstractProtocol<?> protocol(Connector connector) {
		return (AbstractProtocol<?>) connector.getProtocolHandler();
	}

	@Test
	void aKeyStoreMakesItSpeakTls() throws IOException, InterruptedException, GeneralSecurityException {
		Path keys = this.folder.resolve("keys.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "service", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"SAN=dns:localhost", "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(keys).as(said).exists();
		try (ServiceProcess service = ServiceProcess.start(List.of(), "--server.ssl.key-store=" + keys,
				"--server.ssl.key-store-password=" + PASSWORD); HttpClient client = trusting(keys)) {
			HttpRequest step = HttpRequest
				.newBuilder(URI.create("https://localhost:" + service.port() + "/adagrad/step"))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("{\"parameter\":1,\"grad\":0.5,\"G\":0}"))
				.build();
			HttpResponse<String> answer = client.send(step, HttpResponse.BodyHandlers.ofString());
			assertThat(answer.body()).isEqualTo("{\"parameter\":0.9900000002,\"G\":0.25}");
			assertThat(answer.sslSession()).isPresent();
		}
	}

	private static HttpClient trusting(Path keys) throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (var in = Files.newInputStream(keys)) {
			store.load(in, PASSWORD.toCharArray());
		}
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("service", store.getCertificate("service"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return HttpClient.newBuilder().sslContext(context).build();
	}

}
