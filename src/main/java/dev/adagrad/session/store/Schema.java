package dev.adagrad.session.store;

import java.sql.SQLException;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The version of the tables, as Flyway records it in the database.
final class Schema {

	/// The highest of the migrations that come with this program.
	static final int VERSION = 2;

	private static final String RECORDED = """
			SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM flyway_schema_history WHERE success
			""";

	private Schema() {
	}

	/// The version that is recorded, 0 if there is none.
	static int recorded(Database database, Dialect dialect) throws SQLException {
		boolean exists = database.one(dialect.historyExists(), (result) -> result.getInt(1)).orElse(0) == 1;
		return exists ? database.one(RECORDED, (result) -> result.getInt(1)).orElse(0) : 0;
	}

	/// Brings the tables to our version, unless they have it; costs one query then.
	/// @param place the database as a human calls it
	/// @throws StoreStartException if they are newer, or cannot be brought there
	static void bring(Database database, Dialect dialect, DataSource dataSource, String place) throws SQLException {
		int recorded = recorded(database, dialect);
		if (recorded > VERSION) {
			throw new StoreStartException(
					"The store in " + place + " has tables of version " + recorded
							+ ", made by a newer release; this one knows versions up to " + VERSION + ".",
					"Start the release that made it, or a newer one.", null);
		}
		if (recorded < VERSION) {
			migrate(dialect, dataSource, place);
		}
	}

	private static void migrate(Dialect dialect, DataSource dataSource, String place) throws SQLException {
		try {
			Flyway.configure()
				.dataSource(dataSource)
				.locations("classpath:" + dialect.migrations())
				.validateMigrationNaming(true)
				.ignoreMigrationPatterns(new String[0])
				// what others keep in the same schema of a server is no concern of ours
				.baselineOnMigrate(dialect == Dialect.POSTGRESQL)
				.baselineVersion("0")
				.cleanDisabled(true)
				.load()
				.migrate();
		}
		catch (FlywayException ex) {
			for (Throwable cause = ex.getCause(); cause != null; cause = cause.getCause()) {
				if (cause instanceof SQLException sql && PostgresErrors.isConnection(sql)) {
					throw sql;
				}
			}
			throw new StoreStartException(
					"The tables of the store in " + place + " could not be brought to version " + VERSION + ": "
							+ ex.getMessage(),
					"Give the service a database of its own, in which it may create tables.", ex);
		}
	}

}
