package dev.adagrad.session.store;

import java.nio.charset.StandardCharsets;

import dev.adagrad.session.OptimizerId;

import org.springframework.util.DigestUtils;

/// Where the SQL of the two engines differs.
public enum Dialect {

	/// SQLite 3.42 or newer. Only one connection writes, so nothing needs a lock.
	SQLITE("CAST(round(unixepoch('subsec') * 1000) AS INTEGER)", "", "", "flyway_schema_history",
			"SELECT count(*) FROM sqlite_schema WHERE name = ?", "session_key, tensor, chunk"),
	/// PostgreSQL 14 or newer. A writer locks the session's row before it does anything
	/// else. The lock is `NO KEY`, since nothing refers to the row.
	POSTGRESQL("CAST(extract(epoch FROM statement_timestamp()) * 1000 AS BIGINT)", "FOR NO KEY UPDATE",
			"FOR UPDATE SKIP LOCKED", "adagrad_schema_history", "SELECT count(*) WHERE to_regclass(?) IS NOT NULL",
			"shard, session_key, tensor, chunk");

	/// The database's clock: milliseconds since 1970, the same throughout a statement.
	final String now;

	/// The condition that a session exists.
	final String alive;

	/// After a SELECT: waits for other writers and keeps them out until the end.
	final String forUpdate;

	/// After a SELECT of one row: locks it, unless somebody else has locked it.
	final String skipLocked;

	/// The table in which Flyway records its migrations. It has our own name where other
	/// applications may use Flyway too.
	final String history;

	/// Selects 1 if a table of a name exists, else 0.
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

	/// Whether each statement goes over a network. Then few statements are better than
	/// many, and one statement takes many rows, as arrays.
	boolean isRemote() {
		return this == POSTGRESQL;
	}

	/// The part of the database that has all rows of a session, should it be spread over
	/// several servers: a number of 16 bits, computed from the id and its tenant alone. A
	/// file is one
	/// part.
	int shard(OptimizerId id) {
		return switch (this) {
			case SQLITE -> 0;
			case POSTGRESQL -> {
				byte[] digest = DigestUtils.md5Digest(id.qualified().getBytes(StandardCharsets.US_ASCII));
				yield Byte.toUnsignedInt(digest[0]) << 8 | Byte.toUnsignedInt(digest[1]);
			}
		};
	}

}
