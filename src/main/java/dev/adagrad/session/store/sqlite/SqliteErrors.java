package dev.adagrad.session.store.sqlite;

import java.sql.SQLException;

import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// What the failures of SQLite mean, by their primary result code.
///
/// @see <a href="https://www.sqlite.org/rescode.html">SQLite: Result and Error Codes</a>
final class SqliteErrors {

	private static final int PRIMARY = 0xff;

	private SqliteErrors() {
	}

	/// The disk is full, also for the index of the log, or the database has reached its
	/// maximum size.
	static boolean isFull(SQLException ex) {
		return is(ex, SQLiteErrorCode.SQLITE_FULL) || (ex instanceof SQLiteException sqlite
				&& sqlite.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
	}

	/// The file is not as SQLite wrote it.
	static boolean isDamage(SQLException ex) {
		return is(ex, SQLiteErrorCode.SQLITE_CORRUPT) || isForeign(ex);
	}

	/// The file is not a SQLite database.
	static boolean isForeign(SQLException ex) {
		return is(ex, SQLiteErrorCode.SQLITE_NOTADB);
	}

	private static boolean is(SQLException ex, SQLiteErrorCode code) {
		return ex instanceof SQLiteException sqlite && (sqlite.getResultCode().code & PRIMARY) == code.code;
	}

}
