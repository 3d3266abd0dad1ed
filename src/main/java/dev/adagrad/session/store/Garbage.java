package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Clears away what expired and deleted sessions have left, a portion at a time, each in a transaction of its own, so that
/// the end of a huge session holds nobody up.
final class Garbage {

	private static final int SESSIONS = 100;

	private static final int ROWS = 500;

	private static final long BYTES = 8 << 20;

	private static final String FORGET_KEYS = """
			DELETE FROM step_keys WHERE (session_key, key_hash) IN (
				SELECT session_key, key_hash FROM step_keys WHERE session_key = ? ORDER BY seq LIMIT ?)
			""";

	private static final String LENGTHS = """
			SELECT tensor, chunk, octet_length(data) FROM chunks
			WHERE session_key = ? ORDER BY tensor, chunk LIMIT ?
			""";

	private static final String REMOVE_CHUNKS = """
			DELETE FROM chunks WHERE session_key = ? AND (tensor, chunk) <= (?, ?)
			""";

	private static final String DONE = "DELETE FROM garbage WHERE session_key = ?";

	private final String expired;

	private final String removeExpired;

	private final String next;

	Garbage(Dialect dialect) {
		this.expired = """
				SELECT session_key FROM sessions WHERE expires_at <= %s LIMIT ?
				""".formatted(dialect.now()) + dialect.skipLocked();
		this.removeExpired = """
				DELETE FROM sessions WHERE session_key = ? AND expires_at <= %s
				""".formatted(dialect.now());
		this.next = "SELECT session_key FROM garbage LIMIT 1 " + dialect.skipLocked();
	}

	/// Clears one portion away.
	/// @return whether there may be more
	boolean clearPortion(Database database) throws SQLException {
		List<Long> expired = database.all(this.expired, (result) -> result.getLong(1), SESSIONS);
		for (long key : expired) {
			if (database.update(this.removeExpired, key) == 1) {
				database.update(SessionSql.DISCARD, key);
			}
		}
		Optional<Long> next = database.one(this.next, (result) -> result.getLong(1));
		if (next.isEmpty()) {
			return false;
		}
		long key = next.get();
		if (database.update(FORGET_KEYS, key, ROWS) > 0) {
			return true;
		}
		Optional<Row> last = lastOfPortion(database.all(LENGTHS,
				(result) -> new Row(result.getInt(1), result.getInt(2), result.getLong(3)), key, ROWS));
		if (last.isPresent()) {
			database.update(REMOVE_CHUNKS, key, last.get().tensor(), last.get().chunk());
		}
		else {
			database.update(DONE, key);
		}
		return true;
	}

	private static Optional<Row> lastOfPortion(List<Row> rows) {
		Optional<Row> last = Optional.empty();
		long bytes = 0;
		for (Row row : rows) {
			bytes += row.bytes();
			if (last.isPresent() && bytes > BYTES) {
				break;
			}
			last = Optional.of(row);
		}
		return last;
	}

	private record Row(int tensor, int chunk, long bytes) {
	}

}
