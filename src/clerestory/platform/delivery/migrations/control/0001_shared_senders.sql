-- Whose message it was that left by a number which all tenants share: its callbacks name no tenant.
CREATE TABLE platform.delivery_shared (
    provider_id text PRIMARY KEY,
    tenant      bigint NOT NULL REFERENCES platform.tenant ON DELETE CASCADE,
    channel     text NOT NULL,
    address     text NOT NULL,
    created     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX delivery_shared_address ON platform.delivery_shared (channel, address);
CREATE INDEX delivery_shared_tenant ON platform.delivery_shared (tenant);
CREATE INDEX delivery_shared_created ON platform.delivery_shared (created);
