-- The columns that the tables have in PostgreSQL too; a file is one shard, 0.
--
-- Every row that clients' numbers stand in has a checksum, CRC32C; NULL where it was written before there were any.

ALTER TABLE sessions RENAME COLUMN life TO incarnation;
ALTER TABLE sessions RENAME COLUMN life_began TO incarnation_began;
ALTER TABLE sessions ADD COLUMN shard INTEGER NOT NULL DEFAULT 0;
-- how often this row was written, so that an old one can be told from a new one
ALTER TABLE sessions ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
-- how many rows it has in chunks
ALTER TABLE sessions ADD COLUMN stored_chunks INTEGER NOT NULL DEFAULT 0;
-- by the clock of store_clock, when it was first seen to be expired
ALTER TABLE sessions ADD COLUMN expired_since INTEGER;
ALTER TABLE sessions ADD COLUMN checksum INTEGER;

CREATE INDEX sessions_expired_since ON sessions (expired_since) WHERE expired_since IS NOT NULL;

UPDATE sessions SET
	stored_chunks = (SELECT count(*) FROM chunks WHERE chunks.session_key = sessions.session_key);

ALTER TABLE chunks ADD COLUMN shard INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chunks ADD COLUMN checksum INTEGER;

ALTER TABLE step_keys ADD COLUMN shard INTEGER NOT NULL DEFAULT 0;

ALTER TABLE garbage ADD COLUMN shard INTEGER NOT NULL DEFAULT 0;

-- For how long, in milliseconds, any service has looked for expired sessions: a clock that nobody can set.
CREATE TABLE store_clock (
	observed INTEGER NOT NULL
) STRICT;

INSERT INTO store_clock (observed) VALUES (0);
