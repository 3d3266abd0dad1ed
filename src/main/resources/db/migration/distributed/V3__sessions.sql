-- For engines that share out the rows of a table by themselves and have no older version of these tables: what the three
-- migrations of PostgreSQL lead to, without what only PostgreSQL has. Every key begins with the shard.
CREATE TABLE sessions (
	session_key BIGINT GENERATED ALWAYS AS IDENTITY,
	shard INTEGER NOT NULL,
	tenant TEXT NOT NULL,
	id TEXT NOT NULL,
	owner TEXT NOT NULL,
	element_bytes INTEGER NOT NULL,
	step BIGINT NOT NULL,
	incarnation TEXT NOT NULL,
	incarnation_began BIGINT NOT NULL,
	configuration TEXT NOT NULL,
	initial_tensors BYTEA NOT NULL,
	chunk_elements INTEGER NOT NULL,
	keys_written BIGINT NOT NULL,
	changes BIGINT NOT NULL,
	stored_chunks BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	expires_at BIGINT,
	expired_since BIGINT,
	checksum INTEGER,
	PRIMARY KEY (shard, session_key),
	UNIQUE (shard, tenant, id)
);

CREATE INDEX sessions_tenant_id ON sessions (tenant ASC, id ASC);
CREATE INDEX sessions_expires_at ON sessions (expires_at ASC) WHERE expires_at IS NOT NULL;
CREATE INDEX sessions_expired_since ON sessions (expired_since ASC) WHERE expired_since IS NOT NULL;

CREATE TABLE chunks (
	shard INTEGER NOT NULL,
	tensor SMALLINT NOT NULL,
	session_key BIGINT NOT NULL,
	chunk BIGINT NOT NULL,
	checksum INTEGER,
	data BYTEA NOT NULL,
	PRIMARY KEY (shard, session_key, tensor, chunk)
);

CREATE TABLE step_keys (
	shard INTEGER NOT NULL,
	session_key BIGINT NOT NULL,
	key_hash BYTEA NOT NULL,
	request_hash BYTEA NOT NULL,
	applied_step BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (shard, session_key, key_hash)
);

CREATE UNIQUE INDEX step_keys_seq ON step_keys (shard, session_key, seq);

CREATE TABLE garbage (
	shard INTEGER NOT NULL,
	session_key BIGINT NOT NULL,
	PRIMARY KEY (shard, session_key)
);

CREATE TABLE store_clock (
	observed BIGINT NOT NULL
);

INSERT INTO store_clock (observed) VALUES (0);
