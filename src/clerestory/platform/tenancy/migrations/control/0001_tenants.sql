CREATE TABLE platform.tenant (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    uuid        uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    client      text NOT NULL UNIQUE,
    schema      text NOT NULL UNIQUE CHECK (schema ~ '^[a-z_][a-z0-9_]{0,62}$'),
    state       text NOT NULL DEFAULT 'PENDING'
                CHECK (state IN ('PENDING', 'PROVISIONING', 'READY', 'FAILED', 'SUSPENDED')),
    email       text NOT NULL,
    failure     text,
    created     timestamptz NOT NULL DEFAULT now(),
    modified    timestamptz NOT NULL DEFAULT now()
);

-- What the registrant typed, kept until the schema stands; the person's row is made from it.
CREATE TABLE platform.registration (
    tenant          bigint PRIMARY KEY REFERENCES platform.tenant ON DELETE CASCADE,
    person_uuid     uuid NOT NULL,
    email           text NOT NULL,
    password_hash   text NOT NULL,
    first_name      text NOT NULL,
    last_name       text NOT NULL,
    attempts        integer NOT NULL DEFAULT 0
);

-- One row: it is bumped by every change of the public schema, so that a copy knows whether it is stale.
CREATE TABLE platform.template (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    stamp   bigint NOT NULL DEFAULT 1
);
INSERT INTO platform.template DEFAULT VALUES;

CREATE TABLE platform.spare (
    schema      text PRIMARY KEY CHECK (schema ~ '^spare_[a-z0-9_]{1,57}$'),
    stamp       bigint NOT NULL,
    fingerprint text NOT NULL,
    person      bigint NOT NULL,
    created     timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION platform.touch_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE platform.template SET stamp = stamp + 1;
    RETURN NULL;
END
$$;
