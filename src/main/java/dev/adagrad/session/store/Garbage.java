package dev.adagrad.session.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// Clears away the rows that deleted and expired sessions have left. It clears a portion at a time, each in its own
/// transaction, so that the end of a huge session holds nobody up.
public record Garbage(Dialect dialect) {

	private static final int ROWS = 500;

	private static final long BYTES = 8 << 20;

	private static final String FORGET_KEYS = """
			DELETE FROM step_keys WHERE shard = ? AND (session_key, key_hash) IN (
				SELECT session_key, key_hash FROM step_keys WHERE shard = ? AND session_key = ? ORDER BY seq LIMIT ?)
			""";

	private static final String LENGTHS = """
			SELECT tensor, chunk, octet_length(data) FROM chunks
			WHERE shard = ? AND session_key = ? ORDER BY tensor, chunk LIMIT ?
			""";

	private static final String REMOVE_CHUNKS = """
			DELETE FROM chunks WHERE shard = ? AND session_key = ? AND (tensor, chunk) <= (?, ?)
			""";

	private static final String DONE = "DELETE FROM garbage WHERE shard = ? AND session_key = ?";

	private static final String LOCK = "SELECT session_key FROM garbage WHERE shard = ? AND session_key = ? ";

	private static final String NEXT = "SELECT shard, session_key FROM garbage LIMIT 1";

	/// Clears one portion, unless another service is at it.
	/// @return whether there may be more
	public boolean clearPortion(Database database) throws SQLException {
		Optional<Gone> next = database.one(NEXT, (result) -> new Gone(result.getInt(1), result.getLong(2)));
		if (next.isEmpty()) {
			return false;
		}
		int shard = next.get().shard();
		long key = next.get().key();
		if (database.one(LOCK + this.dialect.skipLocked, (result) -> true, shard, key).isEmpty()) {
			return false;
		}
		if (database.update(FORGET_KEYS, shard, shard, key, ROWS) > 0) {
			return true;
		}
		Optional<Row> last = lastOfPortion(database.all(LENGTHS,
				(result) -> new Row(result.getInt(1), result.getLong(2), result.getLong(3)), shard, key, ROWS));
		if (last.isPresent()) {
			database.update(REMOVE_CHUNKS, shard, key, last.get().tensor(), last.get().chunk());
		}
		else {
			database.update(DONE, shard, key);
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

	private record Gone(int shard, long key) {
	}

	private record Row(int tensor, long chunk, long bytes) {
	}

}
