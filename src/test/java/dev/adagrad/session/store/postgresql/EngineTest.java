package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.session.store.Database;
import dev.adagrad.start.StartException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/// Which server answers, and what is asked of it.
class EngineTest {

	private static final String TABLES = """
			SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || is_identity AS line
			FROM information_schema.columns
			WHERE table_schema = current_schema() AND table_name <> 'flyway_schema_history'
			UNION ALL
			SELECT regexp_replace(indexdef, 'INDEX \\S+ ON \\S+\\.', '') FROM pg_indexes
			WHERE schemaname = current_schema() AND tablename <> 'flyway_schema_history'
			ORDER BY line
			""";

	/// What the engines answer to `SELECT version()`, after their documentation.
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc 12.2.0, 64-bit | false | POSTGRESQL
					PostgreSQL 17.4 (Debian 17.4-1.pgdg120+2) on x86_64-pc-linux-gnu, compiled by gcc 12.2.0, 64-bit | true  | CITUS
					CockroachDB CCL v25.2.0 (x86_64-pc-linux-gnu, built 2025/05/09 20:47:31, go1.23.7 X:nocoverageredesign) | false | COCKROACHDB
					CockroachDB OSS v22.1.0 (x86_64-pc-linux-gnu, built 2022/05/23 16:27:47, go1.17.6) | false | COCKROACHDB
					PostgreSQL 11.2-YB-2.21.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6, 64-bit | false | YUGABYTEDB
					PostgreSQL 15.12-YB-2025.1.0.0-b168 on x86_64-pc-linux-gnu, compiled by clang version 17.0.6, 64-bit | false | YUGABYTEDB
					""")
	void theVersionTellsTheEngine(String version, boolean citus, Engine engine) {
		assertThat(Engine.of(version, citus)).isEqualTo(engine);
	}

	@Test
	void thisServerIsPostgresql() throws SQLException {
		try (HikariDataSource pool = PostgresServer.shared().newPlace().pool(); var connection = pool.getConnection()) {
			assertThat(Engine.of(Database.overDriver(connection))).isEqualTo(Engine.POSTGRESQL);
		}
	}

	/// `transaction_timeout` came with PostgreSQL 17. CockroachDB has it too, whatever
	/// version of PostgreSQL it says it has.
	@ParameterizedTest
	@CsvSource({ "POSTGRESQL, 16, false", "POSTGRESQL, 17, true", "CITUS, 16, false", "CITUS, 17, true",
			"COCKROACHDB, 13, true", "YUGABYTEDB, 15, false" })
	void theTimeoutIsSetWhereThereIsOne(Engine engine, int version, boolean set) {
		assertThat(engine.settings(version).contains("transaction_timeout")).isEqualTo(set);
	}

	/// Its list of settings that it refuses has these.
	@Test
	void nothingIsSetThatCockroachdbRefuses() {
		assertThat(Engine.COCKROACHDB.settings(13)).contains("lock_timeout", "idle_in_transaction_session_timeout")
			.doesNotContain("enable_hashjoin", "enable_mergejoin", "tcp_user_timeout", "citus.");
	}

	@Test
	void settingsHoldOnTheWorkersOfCitusToo() {
		assertThat(Engine.CITUS.settings(15)).startsWith("; SET LOCAL citus.propagate_set_commands = 'local'")
			.endsWith(Engine.POSTGRESQL.settings(15));
	}

	@ParameterizedTest
	@CsvSource({ "POSTGRESQL, 0", "CITUS, 32", "COCKROACHDB, 0", "YUGABYTEDB, 0" })
	void citusGetsFewRowsAsValues(Engine engine, int rows) {
		assertThat(engine.rowsAsValues()).isEqualTo(rows);
	}

	@Test
	void postgresqlAloneDistributesNothing() throws SQLException {
		try (HikariDataSource pool = PostgresServer.shared().newPlace().pool(); var connection = pool.getConnection()) {
			Database database = Database.overDriver(connection);
			assertThatExceptionOfType(StartException.class)
				.isThrownBy(() -> Distribution.bring(database, Engine.POSTGRESQL, "the database x"))
				.withMessage("adagrad.store.distribute is true, but the database x has no Citus.")
				.satisfies((ex) -> assertThat(ex.action())
					.isEqualTo("Run CREATE EXTENSION citus there, or leave the setting out."));
		}
	}

	/// A database that begins with all tables at once has the columns and keys of one
	/// that
	/// was migrated from the first release on.
	@Test
	void distributedTablesAreThoseOfPostgresql() throws SQLException {
		List<String> distributed = tables("distributed");
		assertThat(distributed).hasSizeGreaterThan(40).isEqualTo(tables("postgresql"));
	}

	/// The columns and keys that migrations lead to.
	private static List<String> tables(String migrations) throws SQLException {
		PostgresServer.Place place = PostgresServer.shared().newPlace();
		try (HikariDataSource pool = place.pool()) {
			Flyway.configure().dataSource(pool).locations("classpath:db/migration/" + migrations).load().migrate();
			try (Connection connection = pool.getConnection()) {
				return Database.overDriver(connection).all(TABLES, (row) -> row.getString(1));
			}
		}
	}

}
