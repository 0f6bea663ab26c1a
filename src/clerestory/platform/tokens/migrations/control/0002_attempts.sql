-- A chain is one log-in and all that was renewed from it.
ALTER TABLE platform.refresh_token ADD COLUMN chain uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE platform.refresh_token ALTER COLUMN chain DROP DEFAULT;
CREATE INDEX refresh_token_chain ON platform.refresh_token (chain);
CREATE INDEX refresh_token_person ON platform.refresh_token (tenant, person_uuid);
DROP INDEX platform.refresh_token_tenant;

-- Log-ins that failed, by account and by address, each as a digest. Worth no write-ahead log: a crash forgives.
CREATE UNLOGGED TABLE platform.attempt (
    subject     bytea PRIMARY KEY,
    failures    integer NOT NULL,
    since       timestamptz NOT NULL
);
CREATE INDEX attempt_since ON platform.attempt (since);
