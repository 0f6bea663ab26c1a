-- Which tenant's log a link shows. The key is the secret, so it is found by equality alone; "C" compares bytes.
-- No reference to platform.tenant: it would cost each log a look-up, and a key of a tenant that is gone finds nothing.
CREATE TABLE platform.escalation_log_key (
    log_key     text COLLATE "C" PRIMARY KEY,
    tenant      bigint NOT NULL,
    log         bigint NOT NULL
);
