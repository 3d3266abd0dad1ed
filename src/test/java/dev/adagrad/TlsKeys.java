package dev.adagrad;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A key for localhost with its certificate, made by keytool for a few days, and clients that trust it.
///
/// @param folder where `cert.pem` and `key.pem` are, as the service reads them
/// @param store the same, as clients of the JDK read it
public record TlsKeys(Path folder, KeyStore store) {

	private static final String ALIAS = "service";

	private static final String PASSWORD = "changeit";

	private static final int PATIENCE_SECONDS = 60;

	/// Makes a key in a folder, which is made too.
	public static TlsKeys in(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
		Files.createDirectories(folder);
		Path file = folder.resolve("keys.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-dname",
				"CN=" + folder.getFileName(), "-ext", "SAN=dns:localhost,ip:127.0.0.1", "-validity", "3", "-storetype",
				"PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(file)) {
			throw new IllegalStateException(said);
		}
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD.toCharArray());
		}
		TlsKeys keys = new TlsKeys(folder, store);
		Files.writeString(keys.certificateFile(), pem("CERTIFICATE", keys.certificate().getEncoded()));
		Files.writeString(keys.keyFile(), pem("PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
		return keys;
	}

	private static String pem(String kind, byte[] content) {
		String lines = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		return "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n";
	}

	public Path certificateFile() {
		return this.folder.resolve("cert.pem");
	}

	public Path keyFile() {
		return this.folder.resolve("key.pem");
	}

	public X509Certificate certificate() throws GeneralSecurityException {
		return (X509Certificate) this.store.getCertificate(ALIAS);
	}

	/// The settings by which the service uses it, and looks again soon after its files
	/// have changed.
	public String[] settings() {
		return new String[] { "--server.ssl.bundle=web",
				"--spring.ssl.bundle.pem.web.keystore.certificate=" + certificateFile(),
				"--spring.ssl.bundle.pem.web.keystore.private-key=" + keyFile(),
				"--spring.ssl.bundle.pem.web.keystore.verify-keys=true",
				"--spring.ssl.bundle.pem.web.reload-on-update=true",
				"--spring.ssl.bundle.watch.file.quiet-period=200ms" };
	}

	/// Puts the key and the certificate of another in the place of these.
	public void replaceBy(TlsKeys other) throws IOException {
		Files.copy(other.keyFile(), keyFile(), StandardCopyOption.REPLACE_EXISTING);
		Files.copy(other.certificateFile(), certificateFile(), StandardCopyOption.REPLACE_EXISTING);
	}

	/// What a client uses that has this key itself, and trusts only one certificate.
	public SSLContext trusting(X509Certificate certificate) throws IOException, GeneralSecurityException {
		KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		own.init(this.store, PASSWORD.toCharArray());
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(own.getKeyManagers(), trust(certificate).getTrustManagers(), null);
		return context;
	}

	/// What a client uses that trusts nobody else, and has no key.
	public SSLContext context() throws IOException, GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust(certificate()).getTrustManagers(), null);
		return context;
	}

	private static TrustManagerFactory trust(X509Certificate certificate) throws IOException, GeneralSecurityException {
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("trusted", certificate);
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(trusted);
		return trust;
	}

	/// A client that trusts nobody else.
	public HttpClient client() throws IOException, GeneralSecurityException {
		return HttpClient.newBuilder().sslContext(context()).build();
	}

}
