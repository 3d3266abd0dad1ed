package dev.adagrad.session.store.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.store.Chunks;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.TuningBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// How PostgreSQL goes about the chunks of a sparse step: each by its key, though it takes the table for an empty one.
class PostgresQueryPlanTest {

	private static final Integer[] TENSORS = { 0, 0, 1 };

	private static final Integer[] CHUNKS = { 17, 1000, 17 };

	private static final Integer[] CHECKSUMS = { 0, 8, 16 };

	private static final byte[][] VALUES = { new byte[8], new byte[8], new byte[8] };

	@Test
	void chunksAreTakenByTheirKeys() throws SQLException {
		try (HikariDataSource pool = PostgresServer.shared().newPlace().pool()) {
			new PostgresSessionStore(pool, new SessionsProperties(true, 1000, Duration.ZERO), TuningBuilder.standard(),
					Quotas.NONE, false)
				.close();
			try (Connection connection = pool.getConnection(); Statement statement = connection.createStatement()) {
				// it must not learn of them by itself
				statement.execute("ALTER TABLE chunks SET (autovacuum_enabled = off)");
				statement.execute("ANALYZE chunks");
				statement.execute("""
						INSERT INTO chunks (shard, session_key, tensor, chunk, data)
						SELECT 7, 1, tensor, chunk, decode(repeat('00', 64), 'hex')
						FROM generate_series(0, 1) AS tensor, generate_series(0, 4999) AS chunk""");
				connection.setAutoCommit(false);
				statement.execute(PostgresTransactions.begin(PostgresTransactions.WRITING, Engine.POSTGRESQL, 14));
				assertByKey(plan(connection, Chunks.SOME_OF_ALL, TENSORS, CHUNKS, 7, 1L));
				assertThat(plan(connection, Chunks.PUT_MANY, 7, 1L, TENSORS, CHUNKS, CHECKSUMS, VALUES))
					.contains("Conflict Arbiter Indexes: chunks_pkey");
				connection.rollback();
			}
		}
	}

	private static String plan(Connection connection, String sql, Object... arguments) throws SQLException {
		try (PreparedStatement explain = connection.prepareStatement("EXPLAIN " + sql)) {
			for (int i = 0; i < arguments.length; i++) {
				switch (arguments[i]) {
					case Integer[] numbers -> explain.setArray(i + 1, connection.createArrayOf("integer", numbers));
					case byte[][] raws -> explain.setArray(i + 1, connection.createArrayOf("bytea", raws));
					default -> explain.setObject(i + 1, arguments[i]);
				}
			}
			List<String> lines = new ArrayList<>();
			try (ResultSet result = explain.executeQuery()) {
				while (result.next()) {
					lines.add(result.getString(1));
				}
			}
			return String.join("\n", lines);
		}
	}

	private static void assertByKey(String plan) {
		assertThat(plan)
			.containsPattern(
					"Index Cond: \\(\\(shard = .*\\) AND \\(session_key = .*\\) AND \\(tensor = .*\\) AND \\(chunk = ")
			.doesNotContain("Seq Scan", "Hash", "Merge", "Materialize");
	}

}
