-- Which tenant's app a client id names, and whose a token is: both are known before the tenant is.
CREATE TABLE platform.ideas_client (
    client_id   text COLLATE "C" PRIMARY KEY,
    tenant      bigint NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
    app         bigint NOT NULL
);
CREATE INDEX ideas_client_tenant ON platform.ideas_client (tenant, app);

-- Authorization codes, each by its digest. They live for a minute and are used once: `used` is when. `chain` is that of
-- the tokens that one becomes, so that a second use ends them.
CREATE TABLE platform.ideas_code (
    digest              bytea PRIMARY KEY,
    tenant              bigint NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
    app                 bigint NOT NULL,
    person              bigint NOT NULL,
    redirect_uri        text NOT NULL,
    challenge           text,
    challenge_method    text,
    chain               uuid NOT NULL,
    used                timestamptz,
    expires             timestamptz NOT NULL,
    created             timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ideas_code_expires ON platform.ideas_code (expires);

-- Access and refresh tokens, each by its digest. A chain is one sign-in and all that was renewed from it; `rotated`
-- starts the grace in which a refresh token still works. No person: the token acts as the system itself.
CREATE TABLE platform.ideas_token (
    digest      bytea PRIMARY KEY,
    tenant      bigint NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
    app         bigint NOT NULL,
    person      bigint,
    use         text NOT NULL CHECK (use IN ('access', 'refresh')),
    chain       uuid NOT NULL,
    rotated     timestamptz,
    expires     timestamptz NOT NULL,
    created     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ideas_token_chain ON platform.ideas_token (chain);
CREATE INDEX ideas_token_app ON platform.ideas_token (tenant, app);
CREATE INDEX ideas_token_expires ON platform.ideas_token (expires);
