package dev.adagrad.session.store.sqlite;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.adagrad.session.store.Database;
import dev.adagrad.session.store.StoreProperties.CheckAtStart;
import dev.adagrad.session.store.StoreProperties.Durability;
import dev.adagrad.session.store.StoreProperties.Kind;
import dev.adagrad.session.store.StoreProperties;

import org.springframework.util.unit.DataSize;

/// The folder of a SQLite store, seen from beside it.
public final class SqliteFiles {

	/// Where nobody looks after the disk.
	static final Database.Room NO_LIMIT = (database, bytes) -> {
	};

	private SqliteFiles() {
	}

	static StoreProperties properties(Path folder, Durability durability) {
		return properties(folder, durability, DataSize.ofBytes(0));
	}

	static StoreProperties properties(Path folder, Durability durability, DataSize maxSize) {
		return new StoreProperties(Kind.SQLITE, folder, durability, maxSize, DataSize.ofBytes(0), CheckAtStart.NONE,
				false);
	}

	/// Runs SQL.
	/// @return the rows' first column, as numbers
	public static List<Long> sql(Path folder, String sql) {
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("adagrad.db"));
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

	/// Gives a database that nobody has open pages of another size.
	static void remake(Path folder, int pageBytes) {
		try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("adagrad.db"));
				Statement statement = connection.createStatement()) {
			// in the mode WAL pages keep their size
			for (String sql : List.of("PRAGMA journal_mode = DELETE", "PRAGMA page_size = " + pageBytes, "VACUUM")) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
