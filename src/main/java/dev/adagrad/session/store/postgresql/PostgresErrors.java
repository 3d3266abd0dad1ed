package dev.adagrad.session.store.postgresql;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/// What the failures of PostgreSQL mean, by their SQLSTATE.
///
/// @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error codes</a>
final class PostgresErrors {

	/// Serialisation failure, which distributed engines also answer at a COMMIT,
	/// deadlock,
	/// a lock that was not available in time, and a key that another transaction has just
	/// taken. CockroachDB asks with CR000 to run a transaction again.
	private static final Set<String> RACES = Set.of("40001", "CR000", "40P01", "55P03", "23505");

	/// Data or an index is corrupted.
	private static final Set<String> DAMAGE = Set.of("XX001", "XX002");

	private static final String DISK_FULL = "53100";

	/// The transaction stood still for too long, there are too many connections, or the
	/// server is read-only; prepared statements are missing, or exist already, since a
	/// pooler has switched to another process of the server.
	private static final Set<String> OF_CONNECTION = Set.of("25P03", "53300", "25006", "26000", "42P05");

	private PostgresErrors() {
	}

	/// The transaction was rolled back because another was faster.
	static boolean isRace(SQLException ex) {
		return RACES.contains(state(ex));
	}

	/// The stored data cannot be read as what it must be.
	static boolean isDamage(SQLException ex) {
		return DAMAGE.contains(state(ex));
	}

	static boolean isFull(SQLException ex) {
		return state(ex).equals(DISK_FULL);
	}

	/// The server is not there, or cannot be written to.
	static boolean isConnection(SQLException ex) {
		String state = state(ex);
		return ex instanceof SQLTransientConnectionException || state.startsWith("08") || state.startsWith("57P0")
				|| OF_CONNECTION.contains(state);
	}

	private static String state(SQLException ex) {
		String state = ex.getSQLState();
		return (state != null) ? state : "";
	}

}
