package dev.adagrad.session.store.postgresql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

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

	@TempDir
	private static Path folder;

	private static PostgresProcess server;

	private static TlsKeys keys;

	@BeforeAll
	static void start() throws Exception {
		server = PostgresProcess.start(Files.createDirectory(folder.resolve("database")));
		keys = TlsKeys.in(folder.resolve("server"));
		Files.setPosixFilePermissions(keys.keyFile(), PosixFilePermissions.fromString("rw-------"));
		server.sql("ALTER SYSTEM SET ssl_cert_file = '" + keys.certificateFile() + "'");
		server.sql("ALTER SYSTEM SET ssl_key_file = '" + keys.keyFile() + "'");
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
		assertThat(usesTls("localhost", "sslmode=verify-full&sslrootcert=" + keys.certificateFile())).isTrue();
		assertThat(usesTls("localhost", "sslmode=disable")).isFalse();
	}

	@Test
	void aServerOfAnotherNameIsRefused() {
		// the same address, by a name that the certificate has not
		assertThatThrownBy(() -> usesTls("127.1", "sslmode=verify-full&sslrootcert=" + keys.certificateFile()))
			.isInstanceOf(SQLException.class)
			.hasMessageContaining("127.1");
	}

	@Test
	void aServerWithACertificateOfAnotherIsRefused() throws Exception {
		Path stranger = TlsKeys.in(folder.resolve("stranger")).certificateFile();
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

}
