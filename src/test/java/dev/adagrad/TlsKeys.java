package dev.adagrad;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A key for localhost, made by keytool, and clients that trust it.
///
/// @param store where it is kept
public record TlsKeys(Path store) {

	private static final String PASSWORD = "changeit";

	private static final int PATIENCE_SECONDS = 60;

	/// Makes a key in a folder.
	public static TlsKeys in(Path folder) throws IOException, InterruptedException {
		Path store = folder.resolve("keys.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "service", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"SAN=dns:localhost", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(store)) {
			throw new IllegalStateException(said);
		}
		return new TlsKeys(store);
	}

	/// The settings by which the service uses it.
	public String[] settings() {
		return new String[] { "--server.ssl.key-store=" + this.store, "--server.ssl.key-store-password=" + PASSWORD };
	}

	/// A client that trusts nobody else.
	public HttpClient client() throws IOException, GeneralSecurityException {
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (var in = Files.newInputStream(this.store)) {
			keys.load(in, PASSWORD.toCharArray());
		}
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("service", keys.getCertificate("service"));
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return HttpClient.newBuilder().sslContext(context).build();
	}

}
