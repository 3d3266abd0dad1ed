package dev.adagrad.session.store.postgresql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.TuningBuilder;

/// A PostgreSQL server whose tables are split over others by the shard: a test bed for "each statement of a step is for
/// one server".
///
/// Each table is partitioned by a hash of the shard. The partitions are foreign tables, one for each of the other
/// servers, which have the real tables. A foreign table knows no ON CONFLICT, so this class leaves it out of the
/// statements, and a trigger on each server does what it says. Every plan that the first server makes is kept.
///
/// @see <a href="https://www.postgresql.org/docs/current/postgres-fdw.html">postgres_fdw</a>
final class ShardedServers implements AutoCloseable {

	static final int SERVERS = 2;

	private static final List<String> TABLES = List.of("sessions", "chunks", "step_keys", "garbage");

	private static final String KEEP_PLANS = """
			LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_level = notice;
			SET auto_explain.log_verbose = on""";

	private static final String REPLACE = """
			CREATE FUNCTION replace_chunk() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
			BEGIN
				DELETE FROM chunks WHERE shard = NEW.shard AND session_key = NEW.session_key AND tensor = NEW.tensor
					AND chunk = NEW.chunk;
				RETURN NEW;
			END $$""";

	private final PostgresServer first = PostgresServer.startEmbedded();

	private final List<PostgresServer> others = new ArrayList<>();

	private final Queue<String> plans = new ConcurrentLinkedQueue<>();

	ShardedServers() {
		for (int i = 0; i < SERVERS; i++) {
			this.others.add(PostgresServer.startEmbedded());
		}
	}

	/// Tables that nobody else uses.
	Tables newTables() {
		PostgresServer.Place place = place(this.first);
		List<PostgresServer.Place> shards = this.others.stream().map(ShardedServers::place).toList();
		place.sql("CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA public");
		for (int i = 0; i < SERVERS; i++) {
			PostgresServer.Place shard = shards.get(i);
			shard.sql("ALTER TABLE sessions ALTER COLUMN session_key DROP IDENTITY");
			shard.sql(REPLACE);
			shard.sql(
					"CREATE TRIGGER replace_chunk BEFORE INSERT ON chunks FOR EACH ROW EXECUTE FUNCTION replace_chunk()");
			place.sql("""
					CREATE SERVER %1$s_%2$d FOREIGN DATA WRAPPER postgres_fdw
						OPTIONS (host '127.0.0.1', port '%3$d', dbname '%4$s', batch_size '200')
					""".formatted(place.schema(), i, this.others.get(i).proxy().port(), shard.database()));
			place.sql("CREATE USER MAPPING FOR CURRENT_USER SERVER %s_%d OPTIONS (user '%s', password '%s')"
				.formatted(place.schema(), i, shard.user(), shard.password()));
		}
		for (String table : TABLES) {
			place.sql("ALTER TABLE %1$s RENAME TO %1$s_here".formatted(table));
			place.sql(
					"CREATE TABLE %1$s (LIKE %1$s_here INCLUDING IDENTITY) PARTITION BY HASH (shard)".formatted(table));
			for (int i = 0; i < SERVERS; i++) {
				place.sql("""
						CREATE FOREIGN TABLE %1$s_%2$d PARTITION OF %1$s FOR VALUES WITH (MODULUS %3$d, REMAINDER %2$d)
							SERVER %4$s_%2$d OPTIONS (schema_name '%5$s', table_name '%1$s')
						""".formatted(table, i, SERVERS, place.schema(), shards.get(i).schema()));
			}
		}
		return new Tables(place, shards);
	}

	/// A place with the service's own tables, empty.
	private static PostgresServer.Place place(PostgresServer server) {
		PostgresServer.Place place = server.newPlace();
		try (HikariDataSource pool = place.pool()) {
			new PostgresSessionStore(pool, new SessionsProperties(true, 1000, Duration.ZERO), TuningBuilder.standard(),
					Quotas.NONE, false)
				.close();
		}
		return place;
	}

	/// The plans made since the last call: text that begins with the statement.
	List<String> takePlans() {
		List<String> taken = new ArrayList<>();
		for (String plan = this.plans.poll(); plan != null; plan = this.plans.poll()) {
			taken.add(plan);
		}
		return taken;
	}

	@Override
	public void close() {
		this.first.close();
		this.others.forEach(PostgresServer::close);
	}

	private Connection watched(Connection connection) {
		return proxy(Connection.class, (proxy, method, arguments) -> {
			if (method.getName().equals("prepareStatement")) {
				arguments[0] = ((String) arguments[0]).replaceAll(
						"ON CONFLICT \\([^)]*\\) DO UPDATE SET checksum = excluded.checksum, data = excluded.data", "");
			}
			Object result = call(() -> method.invoke(connection, arguments));
			return (result instanceof PreparedStatement statement) ? watched(statement) : result;
		});
	}

	private PreparedStatement watched(PreparedStatement statement) {
		return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
			if (method.getName().equals("close")) {
				keepPlans(statement);
			}
			return call(() -> method.invoke(statement, arguments));
		});
	}

	private void keepPlans(Statement statement) throws SQLException {
		for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
			this.plans.add(String.valueOf(warning.getMessage()));
		}
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
	}

	private static Object call(Callable<Object> call) throws Throwable {
		try {
			return call.call();
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	/// Tables in a schema of the first server, and those behind them.
	final class Tables {

		private final PostgresServer.Place place;

		private final List<PostgresServer.Place> shards;

		private Tables(PostgresServer.Place place, List<PostgresServer.Place> shards) {
			this.place = place;
			this.shards = shards;
		}

		/// How many rows of a table each server has.
		List<Long> rows(String table) {
			return this.shards.stream().map((shard) -> shard.sql("SELECT count(*) FROM " + table).getFirst()).toList();
		}

		/// A pool as the service has one.
		HikariDataSource pool() {
			HikariDataSource pool = new HikariDataSource() {
				@Override
				public Connection getConnection() throws SQLException {
					return watched(super.getConnection());
				}
			};
			this.place.set(pool);
			pool.setConnectionInitSql(KEEP_PLANS);
			return pool;
		}

	}

}
