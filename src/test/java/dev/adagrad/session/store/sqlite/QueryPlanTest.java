package dev.adagrad.session.store.sqlite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.adagrad.caller.Tenant;
import dev.adagrad.session.store.Fixtures;
import dev.adagrad.caller.Quotas;
import dev.adagrad.session.Selection;
import dev.adagrad.session.Vector;
import dev.adagrad.session.Version;
import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.Dialect;
import dev.adagrad.session.store.Expiry;
import dev.adagrad.session.store.Garbage;
import dev.adagrad.session.store.Journal;
import dev.adagrad.session.store.KeptStates;
import dev.adagrad.session.store.Operations;
import dev.adagrad.session.store.SessionsProperties;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.TuningBuilder;
import dev.adagrad.tensor.DType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.adagrad.session.store.Fixtures.at;
import static dev.adagrad.session.store.Fixtures.adding;
import static dev.adagrad.session.store.Fixtures.blocks;
import static dev.adagrad.session.store.Fixtures.constants;
import static dev.adagrad.session.store.Fixtures.counting;
import static dev.adagrad.session.store.Fixtures.digest;
import static dev.adagrad.session.store.Fixtures.expiring;
import static dev.adagrad.session.store.Fixtures.given;
import static dev.adagrad.session.store.Fixtures.id;
import static dev.adagrad.session.store.Fixtures.key;
import static dev.adagrad.session.store.Fixtures.whole;
import static org.assertj.core.api.Assertions.assertThat;

/// How SQLite goes about each statement: none may look at more rows when there are more sessions, or a session has more
/// keys or chunks than the call is about.
class QueryPlanTest {

	@TempDir
	private Path folder;

	@Test
	void everyStatementGoesByAnIndex() throws SQLException {
		new SqliteSessionStore(SqliteFiles.properties(this.folder, Durability.OS),
				new SessionsProperties(true, 1, Duration.ZERO), TuningBuilder.standard(), Quotas.NONE)
			.close();
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + this.folder.resolve("adagrad.db"));
				Statement explain = connection.createStatement()) {
			Set<String> statements = statements(connection);
			assertThat(statements).hasSizeGreaterThan(20);
			for (String statement : statements) {
				assertThat(plan(explain, statement)).as(statement)
					.isNotEmpty()
					.allMatch(QueryPlanTest::isGood)
					.noneMatch((line) -> isAllOfASession(statement, line));
			}
		}
	}

	private static boolean isGood(String line) {
		// the one that counts, by the smallest index; the numbers of a list; a table of
		// one
		// row
		return !line.startsWith("SCAN") || line.equals("SCAN CONSTANT ROW") || line.startsWith("SCAN json_each")
				|| line.startsWith("SCAN sessions USING COVERING INDEX") || line.startsWith("SCAN garbage")
				|| line.equals("SCAN store_clock");
	}

	private static boolean isAllOfASession(String statement, String line) {
		// a restore may: it writes the whole session anyway
		return line.equals("SEARCH step_keys USING PRIMARY KEY (session_key=?)")
				&& !statement.contains("applied_step >");
	}

	private static Set<String> plan(Statement explain, String sql) throws SQLException {
		Set<String> plan = new TreeSet<>();
		try (ResultSet lines = explain.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
			while (lines.next()) {
				plan.add(lines.getString(4));
			}
		}
		// an INSERT has none
		return plan.isEmpty() && sql.startsWith("INSERT") ? Set.of("INSERT") : plan;
	}

	/// All that the store says to its database in the course of all its calls.
	private static Set<String> statements(Connection connection) throws SQLException {
		Set<String> statements = new TreeSet<>();
		Connection listening = (Connection) Proxy.newProxyInstance(QueryPlanTest.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement")) {
						statements.add((String) arguments[0]);
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		Database database = Database.keepingStatements(listening, SqliteFiles.NO_LIMIT);
		Operations operations = new Operations(Dialect.SQLITE, KeptStates.NONE, Journal.NONE, 64, 1,
				Fixtures.NO_LIMITS);
		operations.create(database, given("a", counting(DType.F64, 20, 0), counting(DType.F64, 20, 0), 20));
		operations.create(database, constants("b", 20, DType.F64, 0, 0));
		operations.create(database, expiring("c", 20, Duration.ofHours(1)));
		for (Selection selection : new Selection[] { at(3, 9), new Selection.All() }) {
			for (String session : new String[] { "a", "b" }) {
				operations.step(database, id(session), key(selection.hashCode()), adding(1, selection, digest(1)));
			}
		}
		operations.read(database, id("a"), (session, stored) -> stored.whole(Vector.G, 0).iterator().next());
		operations.restore(database, id("a"), (session) -> {
		}, new Version(1, "x"),
				whole(blocks(counting(DType.F64, 20, 0), 20), Optional.of(blocks(counting(DType.F64, 20, 0), 20))));
		operations.find(database, id("a"));
		operations.list(database, Tenant.DEFAULT, Optional.of(id("a")), 10);
		operations.count(database);
		operations.delete(database, id("a"), Optional.empty());
		database.update("UPDATE sessions SET expires_at = 1 WHERE tenant = ? AND id = ?", "default", "c");
		Expiry expiry = new Expiry(Dialect.SQLITE, Journal.NONE, Duration.ZERO, System::nanoTime);
		assertThat(expiry.list(database, 10)).hasSize(1);
		operations.revive(database, id("c"));
		database.update("UPDATE sessions SET expires_at = 1 WHERE tenant = ? AND id = ?", "default", "c");
		expiry.removePortion(database);
		Garbage garbage = new Garbage(Dialect.SQLITE);
		while (garbage.clearPortion(database)) {
			assertThat(database.written()).isTrue();
		}
		return statements;
	}

}
