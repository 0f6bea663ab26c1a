-- Which tenant's bot an address outside names: the page /chat/{bot} and the webhook /messenger/{bot}.
-- No reference to platform.tenant: what a tenant that is gone has left here leads nowhere.
CREATE TABLE platform.bots_address (
    bot         uuid PRIMARY KEY,
    tenant      bigint NOT NULL
);

-- What a map is after a change: maps are merged key by key to any depth, everything else replaces what was there, and an
-- empty map replaces a full one. In SQL, so that one statement changes any number of rows and loses no parallel change.
CREATE FUNCTION platform.bots_merged(target jsonb, change jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    name text;
    part jsonb;
BEGIN
    FOR name, part IN SELECT key, value FROM pg_catalog.jsonb_each(change) LOOP
        IF jsonb_typeof(part) = 'object' AND part <> '{}' AND jsonb_typeof(target -> name) = 'object' THEN
            part := platform.bots_merged(target -> name, part);
        END IF;
        target := target || jsonb_build_object(name, part);
    END LOOP;
    RETURN target;
END
$$;
