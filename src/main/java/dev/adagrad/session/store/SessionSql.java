package dev.adagrad.session.store;

/// The SQL of [Operations] about sessions and the keys of their steps, for one engine. Each statement of a step names
/// the shard, so that one server of several can answer it alone.
///
/// Immutable.
final class SessionSql {

	/// Fails if there is no such table. Where sessions are spread over several servers,
	/// none of these is asked: one may be away while the others go on.
	static final String IS_THERE = "SELECT session_key FROM sessions WHERE FALSE";

	static final String PROBE = "SELECT observed FROM store_clock";

	static final String FORGET_LATER_KEYS = """
			DELETE FROM step_keys WHERE shard = ? AND session_key = ? AND applied_step > ?
			""";

	static final String LAST_KEY = """
			SELECT coalesce(max(seq), 0) FROM step_keys WHERE shard = ? AND session_key = ?
			""";

	static final String REMEMBERED = """
			SELECT applied_step, request_hash FROM step_keys WHERE shard = ? AND session_key = ? AND key_hash = ?
			""";

	static final String REMEMBER = """
			INSERT INTO step_keys (shard, session_key, key_hash, request_hash, applied_step, seq)
			VALUES (?, ?, ?, ?, ?, ?)
			""";

	/// Deletes two keys at a time, so that a lowered setting is reached in the end. It
	/// uses the primary key, since SQLite would otherwise look at all keys of the
	/// session.
	static final String PRUNE = """
			DELETE FROM step_keys WHERE shard = ? AND (session_key, key_hash) IN (
				SELECT session_key, key_hash FROM step_keys
				WHERE shard = ? AND session_key = ? AND seq <= ? ORDER BY seq LIMIT 2)
			""";

	static final String REMOVE = "DELETE FROM sessions WHERE shard = ? AND session_key = ?";

	static final String DISCARD = "INSERT INTO garbage (shard, session_key) VALUES (?, ?)";

	final String expired;

	final String find;

	final String findExpired;

	final String findForUpdate;

	/// As [#findForUpdate], but selects only the key and what the session takes of its
	/// tenant's room.
	final String keyForUpdate;

	final String list;

	final String count;

	final String insert;

	final String advance;

	final String restore;

	final String revive;

	SessionSql(Dialect dialect) {
		String ofId = " FROM sessions WHERE shard = ? AND tenant = ? AND id = ? AND ";
		String alive = ofId + dialect.alive + " ";
		// asked even after nothing was found, since another transaction may have created
		// the session between two statements of this one
		String dead = ofId + "NOT " + dialect.alive + " " + dialect.forUpdate;
		this.find = "SELECT " + SessionRow.COLUMNS + alive;
		this.findForUpdate = this.find + dialect.forUpdate;
		this.findExpired = "SELECT " + SessionRow.COLUMNS + dead;
		this.keyForUpdate = "SELECT session_key, " + TenantRoom.BYTES + alive + dialect.forUpdate;
		this.expired = "SELECT session_key, " + TenantRoom.BYTES + dead;
		this.list = """
				SELECT %s FROM sessions WHERE tenant = ? AND id > ? AND %s ORDER BY id LIMIT ?
				""".formatted(SessionRow.COLUMNS, dialect.alive);
		// each half needs only an index
		this.count = """
				SELECT (SELECT count(*) FROM sessions) - (SELECT count(*) FROM sessions WHERE expires_at <= %s)
				""".formatted(dialect.now);
		this.insert = """
				INSERT INTO sessions (shard, tenant, id, owner, element_bytes, step, incarnation, incarnation_began, configuration, initial_tensors,
					chunk_elements, keys_written, changes, stored_chunks, checksum, created_at, updated_at, expires_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, %1$s, %1$s, %1$s + CAST(? AS BIGINT))
				RETURNING %2$s
				"""
			.formatted(dialect.now, SessionRow.COLUMNS);
		this.advance = """
				UPDATE sessions SET step = ?, incarnation = ?, incarnation_began = ?, chunk_elements = ?, keys_written = ?, changes = ?,
					stored_chunks = ?, checksum = ?, updated_at = %1$s, expires_at = %1$s + CAST(? AS BIGINT),
					expired_since = NULL
				WHERE shard = ? AND session_key = ? AND step = ? AND incarnation = ? AND %2$s
				"""
			.formatted(dialect.now, dialect.alive);
		this.restore = this.advance + "RETURNING " + SessionRow.COLUMNS;
		this.revive = """
				UPDATE sessions SET expires_at = %s + CAST(? AS BIGINT), expired_since = NULL
				WHERE shard = ? AND session_key = ?
				RETURNING %s
				""".formatted(dialect.now, SessionRow.COLUMNS);
	}

}
