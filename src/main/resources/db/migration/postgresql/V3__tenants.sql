-- Optimizer ids live in a tenant; all sessions from before belong to the tenant "default". The shard of a session of
-- another tenant is the first 16 bits of the MD5 of its tenant, a slash and its id.

-- A service of the release before that still runs must fail: it would find the sessions of all tenants.
ALTER TABLE sessions RENAME COLUMN key_count TO keys_written;

ALTER TABLE sessions
	DROP CONSTRAINT sessions_shard_id_key,
	ADD COLUMN tenant TEXT COLLATE "C" NOT NULL DEFAULT 'default',
	-- the name of the caller that created it; empty where nobody asked who that was
	ADD COLUMN owner TEXT NOT NULL DEFAULT '',
	-- how many bytes an element has
	ADD COLUMN element_bytes INTEGER NOT NULL DEFAULT 8;

UPDATE sessions SET element_bytes = 4 WHERE CAST(configuration AS JSON) ->> 'dtype' = 'F32';

ALTER TABLE sessions
	ALTER COLUMN tenant DROP DEFAULT,
	ALTER COLUMN owner DROP DEFAULT,
	ALTER COLUMN element_bytes DROP DEFAULT,
	ADD UNIQUE (shard, tenant, id);

DROP INDEX sessions_id;
CREATE INDEX sessions_tenant_id ON sessions (tenant, id);
