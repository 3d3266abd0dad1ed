-- Times are milliseconds since 1970-01-01T00:00Z. AUTOINCREMENT: the key of a deleted session never comes again, so
-- what is left of it can be cleared away later.
CREATE TABLE sessions (
	session_key INTEGER PRIMARY KEY AUTOINCREMENT,
	id TEXT NOT NULL UNIQUE,
	step INTEGER NOT NULL,
	life TEXT NOT NULL,
	life_began INTEGER NOT NULL,
	configuration TEXT NOT NULL,
	initial_tensors BLOB NOT NULL,
	chunk_elements INTEGER NOT NULL,
	key_count INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	expires_at INTEGER
) STRICT;

CREATE INDEX sessions_expires_at ON sessions (expires_at) WHERE expires_at IS NOT NULL;

-- Tensor 0 is G, 1 the parameter. Chunk i holds the elements from i * chunk_elements on, raw and little-endian; one
-- that is not there holds the session's initial value throughout.
CREATE TABLE chunks (
	chunk_key INTEGER PRIMARY KEY,
	session_key INTEGER NOT NULL,
	tensor INTEGER NOT NULL,
	chunk INTEGER NOT NULL,
	data BLOB NOT NULL,
	UNIQUE (session_key, tensor, chunk)
) STRICT;

CREATE TABLE step_keys (
	session_key INTEGER NOT NULL,
	key_hash BLOB NOT NULL,
	request_hash BLOB NOT NULL,
	applied_step INTEGER NOT NULL,
	seq INTEGER NOT NULL,
	PRIMARY KEY (session_key, key_hash)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX step_keys_seq ON step_keys (session_key, seq);

-- Sessions that are gone, but whose chunks and keys are not yet.
CREATE TABLE garbage (
	session_key INTEGER PRIMARY KEY
) STRICT;
