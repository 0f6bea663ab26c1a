-- What was done how often, by a digest of the subject. Worth no write-ahead log: a crash forgives.
CREATE UNLOGGED TABLE platform.hit (
    subject     bytea PRIMARY KEY,
    hits        integer NOT NULL,
    leased      integer NOT NULL,
    until       timestamptz NOT NULL
);
CREATE INDEX hit_until ON platform.hit (until);
