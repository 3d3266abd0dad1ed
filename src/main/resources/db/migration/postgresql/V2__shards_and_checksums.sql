-- Every key begins with the shard: the first 16 bits of the MD5 of the session's id, so that a database that is spread
-- over several servers can keep all rows of a session on one of them.
--
-- Every row that clients' numbers stand in has a checksum, CRC32C; NULL where it was written before there were any.
--
-- Chunks are short, and each begins on a page of its own: a step finds room for the new version of a row beside the old one,
-- and what it replaces is cleared away by the next step, without VACUUM. Longer rows would leave their old values in
-- another table, faster than VACUUM clears them away.

-- A service of the first release that still runs must fail: it would write rows without their checksums.
ALTER TABLE sessions RENAME COLUMN life TO incarnation;
ALTER TABLE sessions RENAME COLUMN life_began TO incarnation_began;

DROP INDEX sessions_expires_at;
ALTER TABLE sessions
	DROP CONSTRAINT sessions_pkey,
	DROP CONSTRAINT sessions_id_key,
	ADD COLUMN shard INTEGER NOT NULL DEFAULT 0,
	-- how often this row was written, so that an old one can be told from a new one
	ADD COLUMN changes BIGINT NOT NULL DEFAULT 0,
	-- how many rows it has in chunks
	ADD COLUMN stored_chunks BIGINT NOT NULL DEFAULT 0,
	-- by the clock of store_clock, when it was first seen to be expired
	ADD COLUMN expired_since BIGINT,
	ADD COLUMN checksum INTEGER;

UPDATE sessions SET shard = CAST(CAST('x' || substr(md5(id), 1, 4) AS BIT(16)) AS INTEGER),
	stored_chunks = (SELECT count(*) FROM chunks WHERE chunks.session_key = sessions.session_key);

ALTER TABLE sessions
	ALTER COLUMN shard DROP DEFAULT,
	ADD PRIMARY KEY (shard, session_key),
	ADD UNIQUE (shard, id);

CREATE INDEX sessions_id ON sessions (id);
CREATE INDEX sessions_expires_at ON sessions (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX sessions_expired_since ON sessions (expired_since) WHERE expired_since IS NOT NULL;

-- what sessions that are gone have left is left behind
ALTER TABLE chunks RENAME TO chunks_before;
ALTER TABLE chunks_before DROP CONSTRAINT chunks_pkey;

CREATE TABLE chunks (
	shard INTEGER NOT NULL,
	tensor SMALLINT NOT NULL,
	session_key BIGINT NOT NULL,
	chunk BIGINT NOT NULL,
	checksum INTEGER,
	data BYTEA NOT NULL,
	PRIMARY KEY (shard, session_key, tensor, chunk)
) WITH (fillfactor = 30);

-- Floating-point numbers do not compress; trying to costs more than the step.
ALTER TABLE chunks ALTER COLUMN data SET STORAGE EXTERNAL;

INSERT INTO chunks (shard, session_key, tensor, chunk, data)
	SELECT sessions.shard, session_key, tensor, chunk, data
	FROM chunks_before JOIN sessions USING (session_key)
	ORDER BY sessions.shard, session_key, tensor, chunk;

DROP TABLE chunks_before;

ALTER TABLE step_keys RENAME TO step_keys_before;
ALTER TABLE step_keys_before DROP CONSTRAINT step_keys_pkey;
DROP INDEX step_keys_seq;

CREATE TABLE step_keys (
	shard INTEGER NOT NULL,
	session_key BIGINT NOT NULL,
	key_hash BYTEA NOT NULL,
	request_hash BYTEA NOT NULL,
	applied_step BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (shard, session_key, key_hash)
);

INSERT INTO step_keys (shard, session_key, key_hash, request_hash, applied_step, seq)
	SELECT sessions.shard, session_key, key_hash, request_hash, applied_step, seq
	FROM step_keys_before JOIN sessions USING (session_key);

CREATE UNIQUE INDEX step_keys_seq ON step_keys (shard, session_key, seq);

DROP TABLE step_keys_before;

DROP TABLE garbage;
CREATE TABLE garbage (
	shard INTEGER NOT NULL,
	session_key BIGINT NOT NULL,
	PRIMARY KEY (shard, session_key)
);

-- For how long, in milliseconds, any service has looked for expired sessions: a clock that nobody can set.
CREATE TABLE store_clock (
	observed BIGINT NOT NULL
);

INSERT INTO store_clock (observed) VALUES (0);
