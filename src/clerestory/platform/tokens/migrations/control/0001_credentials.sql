CREATE TABLE platform.api_key (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant      bigint NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
    name        text NOT NULL DEFAULT 'default',
    digest      bytea NOT NULL UNIQUE,
    sealed      bytea NOT NULL,
    rights      text[] NOT NULL DEFAULT '{read,write,administer}',
    flags       text[] NOT NULL DEFAULT '{}',
    created     timestamptz NOT NULL DEFAULT now(),
    expires     timestamptz,
    revoked     timestamptz
);
CREATE INDEX api_key_tenant ON platform.api_key (tenant);

CREATE TABLE platform.session (
    digest      bytea PRIMARY KEY,
    tenant      bigint NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
    person_uuid uuid NOT NULL,
    csrf        text NOT NULL,
    created     timestamptz NOT NULL DEFAULT now(),
    expires     timestamptz NOT NULL
);
CREATE INDEX session_person ON platform.session (tenant, person_uuid);
CREATE INDEX session_expires ON platform.session (expires);

-- One row for each refresh token that was handed out. `rotated` starts the grace in which it still works.
CREATE TABLE platform.refresh_token (
    jti         uuid PRIMARY KEY,
    tenant      bigint NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
    person_uuid uuid NOT NULL,
    created     timestamptz NOT NULL DEFAULT now(),
    expires     timestamptz NOT NULL,
    rotated     timestamptz
);
CREATE INDEX refresh_token_expires ON platform.refresh_token (expires);
CREATE INDEX refresh_token_tenant ON platform.refresh_token (tenant);
