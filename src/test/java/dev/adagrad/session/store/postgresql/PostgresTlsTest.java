package dev.adagrad.session.store.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.PostgresProcess;
import dev.adagrad.TlsKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.session.store.Fixtures.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// TLS to the database, as `src/docs/stores.md` has it, with a server whose certificate is for localhost.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PostgresTlsTest {

	private static final char[] PASSWORD = "changeit".toCharArray();

	@TempDir
	private static Path folder;

	private static PostgresProcess server;

	@BeforeAll
	static void start() throws Exception {
		server = PostgresProcess.start(Files.createDirectory(folder.resolve("database")));
		Path certificate = certificate("server");
		server.sql("ALTER SYSTEM SET ssl_cert_file = '" + certificate + "'");
		server.sql("ALTER SYSTEM SET ssl_key_file = '" + certificate.resolveSibling("key.pem") + "'");
		server.sql("ALTER SYSTEM SET ssl = on");
		server.sql("SELECT pg_reload_conf()");
		await(() -> server.sql("SHOW ssl").orElseThrow().equals("on"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void theServerThatTheCertificateNamesIsSpokenToInTls() throws Exception {
		assertThat(usesTls("localhost", "sslmode=verify-full&sslrootcert=" + certificateOf("server"))).isTrue();
		assertThat(usesTls("localhost", "sslmode=disable")).isFalse();
	}

	@Test
	void aServerOfAnotherNameIsRefused() {
		assertThatThrownBy(() -> usesTls("127.0.0.1", "sslmode=verify-full&sslrootcert=" + certificateOf("server")))
			.isInstanceOf(SQLException.class)
			.hasMessageContaining("127.0.0.1");
	}

	@Test
	void aServerWithACertificateOfAnotherIsRefused() throws Exception {
		Path stranger = certificate("stranger");
		assertThatThrownBy(() -> usesTls("localhost", "sslmode=verify-full&sslrootcert=" + stranger))
			.isInstanceOf(SQLException.class)
			.hasMessageContaining("SSL error");
	}

	/// As the service connects.
	private static boolean usesTls(String host, String parameters) throws SQLException {
		String port = server.host().substring(server.host().indexOf(':'));
		try (HikariDataSource pool = new HikariDataSource()) {
			pool.setJdbcUrl("jdbc:postgresql://" + host + port + "/postgres?" + parameters);
			pool.setUsername("postgres");
			pool.setPassword("postgres");
			try (Connection connection = PostgresHosts.under(pool).getConnection();
					Statement statement = connection.createStatement();
					ResultSet result = statement
						.executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
				result.next();
				return result.getBoolean(1);
			}
		}
	}

	private static Path certificateOf(String name) {
		return folder.resolve(name).resolve("certificate.pem");
	}

	/// Makes a certificate that signs itself, and beside it its key.
	private static Path certificate(String name) throws IOException, GeneralSecurityException, InterruptedException {
		Path place = Files.createDirectory(folder.resolve(name));
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(TlsKeys.in(place).store())) {
			keys.load(in, PASSWORD);
		}
		Path key = place.resolve("key.pem");
		Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.writeString(key, pem("PRIVATE KEY", keys.getKey("service", PASSWORD).getEncoded()));
		return Files.writeString(certificateOf(name), pem("CERTIFICATE", keys.getCertificate("service").getEncoded()));
	}

	private static String pem(String kind, byte[] bytes) {
		return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + kind
				+ "-----\n";
	}

}
