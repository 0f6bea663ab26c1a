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

-- Search compares texts without accents, where `unaccent` is there or may be added. Which it is, is settled here once,
-- for stored columns are made with it.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA platform;
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE NOTICE 'unaccent is not to be had: search tells accents apart';
END
$$;

DO $$
DECLARE
    place text := (SELECT quote_ident(n.nspname)
                     FROM pg_catalog.pg_extension AS e
                     JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
                    WHERE e.extname = 'unaccent');
    body text := 'SELECT $1';
BEGIN
    IF place IS NOT NULL THEN
        body := format('SELECT %s.unaccent(%L::regdictionary, $1)', place, place || '.unaccent');
    END IF;
    EXECUTE format(
        'CREATE FUNCTION platform.ideas_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS %L', body);
END
$$;

-- What is found of a plain heading and a text, HTML or not: their words as they are, so that a word's beginning finds it, and
-- by the language's stems.
CREATE FUNCTION platform.ideas_vector(language text, heading text, body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('pg_catalog.simple', t.heading) || to_tsvector(t.stems, t.heading), 'A')
           || to_tsvector('pg_catalog.simple', t.body) || to_tsvector(t.stems, t.body)
      FROM (SELECT platform.ideas_plain(translate(heading, '<>', '  ')) AS heading,
                   platform.ideas_plain(regexp_replace(body, '<[^>]*>', ' ', 'g')) AS body,
                   ('pg_catalog.' || language)::regconfig AS stems) AS t
$$;

-- A name's parts, apart from each other.
CREATE FUNCTION platform.ideas_apart(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(name, '-.,_''"', '      ')
$$;

-- What a name is found by. Not in the language sql: the planner would look into it for every query of an indexed table, as
-- whoever asks, and readers of reports see nothing of this schema.
CREATE FUNCTION platform.ideas_names(name text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    RETURN to_tsvector('pg_catalog.simple', platform.ideas_plain(platform.ideas_apart(name)));
END
$$;
