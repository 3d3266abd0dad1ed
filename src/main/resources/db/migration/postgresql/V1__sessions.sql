-- Times are milliseconds since 1970-01-01T00:00Z. Rows that every step updates have room beside them, so that an
-- update can stay on its page.
CREATE TABLE sessions (
	session_key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	id TEXT COLLATE "C" NOT NULL UNIQUE,
	step BIGINT NOT NULL,
	life TEXT NOT NULL,
	life_began BIGINT NOT NULL,
	configuration TEXT NOT NULL,
	initial_tensors BYTEA NOT NULL,
	chunk_elements INTEGER NOT NULL,
	key_count BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	expires_at BIGINT
) WITH (fillfactor = 50);

CREATE INDEX sessions_expires_at ON sessions (expires_at) WHERE expires_at IS NOT NULL;

-- Tensor 0 is G, 1 the parameter. Chunk i holds the elements from i * chunk_elements on, raw and little-endian; one
-- that is not there holds the session's initial value throughout.
CREATE TABLE chunks (
	session_key BIGINT NOT NULL,
	tensor SMALLINT NOT NULL,
	chunk INTEGER NOT NULL,
	data BYTEA NOT NULL,
	PRIMARY KEY (session_key, tensor, chunk)
) WITH (fillfactor = 70);

-- Floating-point numbers do not compress; trying to costs more than the step.
ALTER TABLE chunks ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE TABLE step_keys (
	session_key BIGINT NOT NULL,
	key_hash BYTEA NOT NULL,
	request_hash BYTEA NOT NULL,
	applied_step BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (session_key, key_hash)
);

CREATE UNIQUE INDEX step_keys_seq ON step_keys (session_key, seq);

-- Sessions that are gone, but whose chunks and keys are not yet.
CREATE TABLE garbage (
	session_key BIGINT PRIMARY KEY
);
