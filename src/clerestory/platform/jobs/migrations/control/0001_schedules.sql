-- What runs again and again. The queue itself is the library's, in schema `jobs`.
CREATE TABLE platform.schedule (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    tenant      bigint REFERENCES platform.tenant ON DELETE CASCADE,
    task        text NOT NULL,
    arguments   jsonb NOT NULL DEFAULT '{}',
    expression  text NOT NULL,
    zone        text NOT NULL DEFAULT 'UTC',
    active      boolean NOT NULL DEFAULT true,
    due         timestamptz NOT NULL,
    created     timestamptz NOT NULL DEFAULT now(),
    modified    timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (tenant, name)
);
CREATE INDEX schedule_due ON platform.schedule (due) WHERE active;
