package dev.adagrad.session.store;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import dev.adagrad.session.OptimizerId;

import org.springframework.util.DigestUtils;

/// Where the SQL of the two engines differs.
public enum Dialect {

	/// SQLite 3.42 or newer. One connection writes, so nothing need be locked.
	SQLITE("CAST(round(unixepoch('subsec') * 1000) AS INTEGER)", "", "", "flyway_schema_history",
			"SELECT count(*) FROM sqlite_schema WHERE name = ?", "session_key, tensor, chunk"),
	/// PostgreSQL 14 or newer. The lock on a session's row comes before all else that a
	/// writer does; `NO KEY`, since nothing refers to the row.
	POSTGRESQL("CAST(extract(epoch FROM statement_timestamp()) * 1000 AS BIGINT)", "FOR NO KEY UPDATE",
			"FOR UPDATE SKIP LOCKED", "adagrad_schema_history", "SELECT count(*) WHERE to_regclass(?) IS NOT NULL",
			"shard, session_key, tensor, chunk");

	/// The database's clock: milliseconds since 1970, the same throughout a statement.
	final String now;

	/// The condition under which a session exists.
	final String alive;

	/// After a SELECT: waits for other writers and keeps them out until the end.
	final String forUpdate;

	/// After a SELECT: locks the rows, passing by those that others have locked.
	final String skipLocked;

	/// The table in which Flyway records what was done: of our own name where others may
	/// use Flyway too.
	final String history;

	/// Selects 1 where there is a table of a name, else 0.
	final String tableExists;

	/// The columns that tell one row of `chunks` from all others.
	final String chunkKey;

	Dialect(String now, String forUpdate, String skipLocked, String history, String tableExists, String chunkKey) {
		this.now = now;
		this.alive = "(expires_at IS NULL OR expires_at > " + now + ")";
		this.forUpdate = forUpdate;
		this.skipLocked = skipLocked;
		this.history = history;
		this.tableExists = tableExists;
		this.chunkKey = chunkKey;
	}

	/// Whether each statement goes over a network: few are better than many then, and one
	/// takes many rows, as arrays.
	boolean isRemote() {
		return this == POSTGRESQL;
	}

	/// On which part of the database all rows of a session are, should it be spread over
	/// several servers: a number of 16 bits from the id alone. A file is one part.
	int shard(OptimizerId id) {
		return switch (this) {
			case SQLITE -> 0;
			case POSTGRESQL -> {
				byte[] digest = DigestUtils.md5Digest(id.value().getBytes(StandardCharsets.US_ASCII));
				yield Byte.toUnsignedInt(digest[0]) << 8 | Byte.toUnsignedInt(digest[1]);
			}
		};
	}

	/// Where the migrations lie in the class path.
	public String migrations() {
		return "db/migration/" + name().toLowerCase(Locale.ROOT);
	}

}
