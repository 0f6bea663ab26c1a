-- What the server's secret makes of a known purpose: a start with another secret is refused before it harms anything.
CREATE TABLE platform.secret_mark (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    mark    bytea NOT NULL
);
