package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.session.store.Database;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.datasource.AbstractDataSource;

/// The servers that a JDBC URL names, as a source of connections to the primary among them.
///
/// The driver takes the first server that calls itself primary (`targetServerType=primary`). After a failover two
/// servers may do so: a server that stood still while it was replaced goes on as if nothing had happened. So if the URL
/// names several, all are asked for their timelines, and only the newest counts from then on.
///
/// Behind PgBouncer each transaction may have another server process. Statements are not prepared there, since they
/// would be in the wrong process.
///
/// If no primary is found, the reason is logged when it changes. Safe for use by any number of threads.
///
/// @see <a href="https://jdbc.postgresql.org/documentation/use/#connection-fail-over">pgjdbc: Connection Fail-over</a>
final class PostgresHosts extends AbstractDataSource {

	private static final Logger LOG = LoggerFactory.getLogger(PostgresHosts.class);

	private static final String SCHEME = "jdbc:postgresql://";

	/// How long the answers of the other servers are believed.
	private static final Duration FRESH = Duration.ofSeconds(5);

	/// The time for asking the other servers. A server that is away must not hold up the
	/// rest.
	private static final long ASKING_MILLIS = 700;

	private static final int ANSWERING_MILLIS = 1500;

	private static final String UNREACHABLE = "08001";

	private static final Executor VIRTUAL = Thread::startVirtualThread;

	private final Driver driver = new Driver();

	private final List<String> urls;

	private final HikariConfig config;

	private final PrimaryTimeline timeline = new PrimaryTimeline();

	/// The server of the last connection.
	private volatile int preferred;

	private volatile Optional<String> trouble = Optional.empty();

	private volatile Optional<Long> askedAt = Optional.empty();

	private volatile boolean pooled;

	/// What answered last.
	private volatile Optional<Engine> engine = Optional.empty();

	/// Makes a pool take its connections from here, unless it does so already.
	/// @param pool not in use, with a URL
	static PostgresHosts under(HikariDataSource pool) {
		if (pool.getDataSource() instanceof PostgresHosts hosts) {
			return hosts;
		}
		PostgresHosts hosts = new PostgresHosts(pool);
		pool.setDataSource(hosts);
		return hosts;
	}

	private PostgresHosts(HikariConfig config) {
		this.urls = single(config.getJdbcUrl());
		this.config = config;
	}

	/// A URL for each server. This class finds out which of them is the primary.
	static List<String> single(String url) {
		if (!url.startsWith(SCHEME)) {
			return List.of(url);
		}
		String rest = url.substring(SCHEME.length());
		int end = rest.indexOf('/');
		if (end < 0) {
			return List.of(url);
		}
		String tail = rest.substring(end).replaceAll("(?<=[?&])targetServerType=[^&]*&?", "");
		return Arrays.stream(rest.substring(0, end).split(",", -1)).map((host) -> SCHEME + host + tail).toList();
	}

	PrimaryTimeline timeline() {
		return this.timeline;
	}

	/// What answers.
	/// @throws NoSuchElementException if there was no connection yet
	Engine engine() {
		return this.engine.orElseThrow();
	}

	/// Why a connection could not be had or did not last, in a sentence. The pool says
	/// only that there is none.
	String reason(Exception ex) {
		return this.trouble.orElse(String.valueOf(ex.getMessage()));
	}

	@Override
	public Connection getConnection() throws SQLException {
		return getConnection(this.config.getUsername(), this.config.getPassword());
	}

	@Override
	public Connection getConnection(@Nullable String username, @Nullable String password) throws SQLException {
		Properties all = properties(username, password);
		look(all);
		List<String> reasons = new ArrayList<>();
		int first = this.preferred;
		for (int i = 0; i < this.urls.size(); i++) {
			int host = (first + i) % this.urls.size();
			try {
				Connection connection = primary(host, all);
				this.preferred = host;
				tell(Optional.empty());
				return connection;
			}
			catch (SQLException ex) {
				reasons.add((this.urls.size() == 1) ? ex.getMessage() : name(host) + ": " + ex.getMessage());
			}
		}
		String told = String.join("; ", reasons);
		tell(Optional.of(told));
		throw new SQLException(told, UNREACHABLE);
	}

	private Connection primary(int host, Properties properties) throws SQLException {
		Connection connection = connect(host, properties);
		try {
			PGConnection server = connection.unwrap(PGConnection.class);
			int threshold = server.getPrepareThreshold();
			server.setPrepareThreshold(0);
			Standing standing = Standing.of(connection);
			this.engine = Optional.of(standing.engine());
			this.timeline.require(standing.timeline());
			if (server.getBackendPID() == standing.process()) {
				server.setPrepareThreshold(threshold);
			}
			else if (!this.pooled) {
				this.pooled = true;
				LOG.info("there is a pooler before the database: statements are not prepared (prepareThreshold=0)");
			}
			// a migration may take any time
			connection.setNetworkTimeout(Runnable::run, 0);
			return connection;
		}
		catch (SQLException | RuntimeException ex) {
			connection.close();
			throw ex;
		}
	}

	private Properties properties(@Nullable String username, @Nullable String password) {
		Properties all = new Properties();
		all.putAll(this.config.getDataSourceProperties());
		if (username != null) {
			all.setProperty("user", username);
		}
		if (password != null) {
			all.setProperty("password", password);
		}
		return all;
	}

	private Connection connect(int host, Properties properties) throws SQLException {
		Connection connection = this.driver.connect(this.urls.get(host), properties);
		if (connection == null) {
			throw new SQLException("spring.datasource.url is no URL of PostgreSQL: " + this.urls.get(host),
					UNREACHABLE);
		}
		connection.setNetworkTimeout(Runnable::run, ANSWERING_MILLIS);
		return connection;
	}

	/// Host and port.
	private String name(int host) {
		String rest = this.urls.get(host).substring(SCHEME.length());
		return rest.substring(0, rest.indexOf('/'));
	}

	/// Asks all servers for their timelines, unless they were asked just now or there is
	/// only one. If a newer timeline shows up, open connections to an older one are of no
	/// use any more.
	void look() {
		look(properties(this.config.getUsername(), this.config.getPassword()));
	}

	private void look(Properties properties) {
		long now = System.nanoTime();
		Optional<Long> last = this.askedAt;
		if (this.urls.size() == 1 || (last.isPresent() && now - last.get() < FRESH.toNanos())) {
			return;
		}
		this.askedAt = Optional.of(now);
		CompletableFuture
			.allOf(IntStream.range(0, this.urls.size())
				.mapToObj((host) -> CompletableFuture.runAsync(() -> ask(host, properties), VIRTUAL))
				.toArray(CompletableFuture[]::new))
			.completeOnTimeout(null, ASKING_MILLIS, TimeUnit.MILLISECONDS)
			.join();
	}

	private void ask(int host, Properties properties) {
		try (Connection connection = connect(host, properties)) {
			this.timeline.saw(Standing.of(connection).timeline());
		}
		catch (SQLException ex) {
			LOG.debug("{} was asked for its timeline", name(host), ex);
		}
	}

	private void tell(Optional<String> now) {
		if (!now.equals(this.trouble)) {
			this.trouble = now;
			now.ifPresentOrElse((reason) -> LOG.warn("no primary of the database can be reached: {}", reason),
					() -> LOG.info("the primary of the database is reached again"));
		}
	}

	/// What a server says of itself.
	///
	/// @param timeline 0 of a standby
	/// @param process the one that has answered
	private record Standing(Engine engine, long timeline, int process) {

		static Standing of(Connection connection) throws SQLException {
			Database database = Database.overDriver(connection);
			Engine engine = Engine.of(database);
			return database
				.one(PrimaryTimeline.query(engine) + ", pg_backend_pid()",
						(result) -> new Standing(engine, PrimaryTimeline.parse(result.getString(1)), result.getInt(2)))
				.orElseThrow();
		}

	}

}
