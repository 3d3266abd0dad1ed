package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.function.Predicate;

import dev.adagrad.start.StartException;
import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The version of the tables, which Flyway records in the database.
public final class Schema {

	/// The highest version of the migrations in this program.
	public static final int VERSION = 3;

	/// Where the first release recorded its one migration in PostgreSQL. Another
	/// application may have made that table first.
	private static final String FORMER_HISTORY = "flyway_schema_history";

	private static final String IS_OURS = """
			SELECT count(*) FROM flyway_schema_history WHERE script = 'V1__sessions.sql' AND success
			""";

	/// Makes the first release refuse to start with tables that it does not know.
	private static final String LEAVE = """
			INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum,
				installed_by, execution_time, success)
			SELECT max(installed_rank) + 1, '2', 'see adagrad_schema_history', 'SQL', 'V2__elsewhere.sql', 0,
				current_user, 0, true
			FROM flyway_schema_history HAVING NOT bool_or(version = '2')
			""";

	private Schema() {
	}

	/// The recorded version; 0 if there is none.
	static int recorded(Database database, Dialect dialect) throws SQLException {
		String recorded = "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM " + dialect.history
				+ " WHERE success";
		return exists(database, dialect, dialect.history)
				? database.one(recorded, (result) -> result.getInt(1)).orElse(0) : 0;
	}

	private static boolean exists(Database database, Dialect dialect, String table) throws SQLException {
		return database.one(dialect.tableExists, (result) -> result.getInt(1), table).orElse(0) == 1;
	}

	/// Whether the first release made the tables, and recorded that in the other table.
	private static boolean isFormer(Database database, Dialect dialect, int recorded) throws SQLException {
		return recorded == 0 && !dialect.history.equals(FORMER_HISTORY) && exists(database, dialect, FORMER_HISTORY)
				&& database.one(IS_OURS, (result) -> result.getInt(1)).orElse(0) == 1;
	}

	/// Migrates the tables to our version, unless they have it already; then this costs
	/// one query.
	/// @param migrations the folder that has them, below `db/migration`
	/// @param place the database, as messages name it
	/// @param unreachable whether a failure means that the database is not there now
	/// @throws StartException if the tables are newer, or cannot be migrated
	public static void bring(Database database, Dialect dialect, String migrations, DataSource dataSource, String place,
			Predicate<SQLException> unreachable) throws SQLException {
		int recorded = recorded(database, dialect);
		if (recorded > VERSION) {
			throw new StartException(
					"The store in " + place + " has tables of version " + recorded
							+ ", made by a newer release; this one knows versions up to " + VERSION + ".",
					"Start the release that made it, or a newer one.", null);
		}
		if (recorded < VERSION) {
			boolean former = isFormer(database, dialect, recorded);
			migrate(dialect, migrations, dataSource, former, place, unreachable);
			if (former) {
				database.update(LEAVE);
			}
		}
	}

	private static void migrate(Dialect dialect, String migrations, DataSource dataSource, boolean former, String place,
			Predicate<SQLException> unreachable) throws SQLException {
		try {
			Flyway.configure()
				.dataSource(dataSource)
				.table(dialect.history)
				.locations("classpath:db/migration/" + migrations)
				.validateMigrationNaming(true)
				.ignoreMigrationPatterns(new String[0])
				// others may keep their own tables in the same schema of a server
				.baselineOnMigrate(dialect == Dialect.POSTGRESQL)
				.baselineVersion(former ? "1" : "0")
				.cleanDisabled(true)
				.load()
				.migrate();
		}
		catch (FlywayException ex) {
			for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
				if (cause instanceof SQLException sql && unreachable.test(sql)) {
					throw sql;
				}
			}
			throw new StartException(
					"The tables of the store in " + place + " could not be brought to version " + VERSION + ": "
							+ ex.getMessage(),
					"Give the service a database of its own, in which it may create tables.", ex);
		}
	}

}
