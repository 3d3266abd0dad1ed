-- Optimizer ids live in a tenant; all sessions from before belong to the tenant "default".

-- SQLite cannot drop the constraint that an id is unique, so the table is made anew. No key that was ever given may come again.
CREATE TABLE sessions_of_tenants (
	session_key INTEGER PRIMARY KEY AUTOINCREMENT,
	shard INTEGER NOT NULL,
	tenant TEXT NOT NULL,
	id TEXT NOT NULL,
	-- the name of the caller that created it; empty where nobody asked who that was
	owner TEXT NOT NULL,
	-- how many bytes an element has
	element_bytes INTEGER NOT NULL,
	step INTEGER NOT NULL,
	incarnation TEXT NOT NULL,
	incarnation_began INTEGER NOT NULL,
	configuration TEXT NOT NULL,
	initial_tensors BLOB NOT NULL,
	chunk_elements INTEGER NOT NULL,
	-- how many step keys were ever written
	keys_written INTEGER NOT NULL,
	changes INTEGER NOT NULL,
	stored_chunks INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	expires_at INTEGER,
	expired_since INTEGER,
	checksum INTEGER,
	UNIQUE (tenant, id)
) STRICT;

INSERT INTO sqlite_sequence (name, seq) SELECT 'sessions_of_tenants', seq FROM sqlite_sequence WHERE name = 'sessions';

INSERT INTO sessions_of_tenants (session_key, shard, tenant, id, owner, element_bytes, step, incarnation,
		incarnation_began, configuration, initial_tensors, chunk_elements, keys_written, changes, stored_chunks,
		created_at, updated_at, expires_at, expired_since, checksum)
	SELECT session_key, shard, 'default', id, '', CASE json_extract(configuration, '$.dtype') WHEN 'F32' THEN 4 ELSE 8 END,
		step, incarnation, incarnation_began, configuration, initial_tensors, chunk_elements, key_count, changes,
		stored_chunks, created_at, updated_at, expires_at, expired_since, checksum
	FROM sessions ORDER BY session_key;

DROP TABLE sessions;
ALTER TABLE sessions_of_tenants RENAME TO sessions;

CREATE INDEX sessions_expires_at ON sessions (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX sessions_expired_since ON sessions (expired_since) WHERE expired_since IS NOT NULL;
