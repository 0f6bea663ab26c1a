"""`clerestory key …`: keys of one tenant made, listed and revoked, beside a running server or without one."""

from collections.abc import Mapping
from datetime import datetime

from clerestory.commands.failure import Failed
from clerestory.commands.ground import Ground, prepared
from clerestory.commands.telling import as_json, say, table
from clerestory.commands.tenant import named, with_parts
from clerestory.kernel.clock import utc_now
from clerestory.kernel.errors import NotFound
from clerestory.platform.database import Database
from clerestory.platform.tenancy import Parts
from clerestory.platform.tokens import Vault, keys, store
from clerestory.settings.environment import SettingsError


def create(options: Mapping[str, object]) -> None:
    """Another key, shown here; its owner finds it in the site as well."""
    with prepared(options) as ground:
        client, values = _client(ground), ground.installation.values

        async def issued(parts: Parts) -> keys.Issued:
            tenant = await named(parts, client)
            return await keys.issue(parts.find(Database).direct(), parts.find(Vault), tenant.id, values["name"])

        key = with_parts(ground, issued)
    if values["json"]:
        as_json({"id": key.id, "name": values["name"], "api_key": key.text})
    else:
        say(key.text)


def list_all(options: Mapping[str, object]) -> None:
    """Every key of the tenant, the newest first."""

    with prepared(options) as ground:
        client = _client(ground)
        entries = with_parts(ground, lambda parts: _entries(parts, client))
    if ground.installation.values["json"]:
        as_json(entries)
        return
    heads = ["id", "name", "key", "created", "revoked"]
    table(heads, [[_minute(entry[head]) for head in heads] for entry in entries])


def revoke(key: int, options: Mapping[str, object]) -> None:
    """From now on the key is refused, by running servers too."""
    with prepared(options) as ground:
        client = _client(ground)

        async def revoked(parts: Parts) -> None:
            tenant = await named(parts, client)
            async with parts.find(Database).begin() as tx:
                await keys.revoke(tx, tenant.id, key, utc_now())

        try:
            with_parts(ground, revoked)
        except NotFound:
            raise Failed(f"{client} has no good key number {key}: `clerestory key list` shows all.") from None
    say(f"Key {key} of {client} is revoked.")


def _minute(cell: object) -> object:
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell


async def _entries(parts: Parts, client: str) -> list[dict[str, object]]:
    tenant = await named(parts, client)
    vault = parts.find(Vault)
    return [
        {
            "id": row.id,
            "name": row.name,
            "key": keys.masked(vault, row),
            "created": row.created,
            "revoked": row.revoked,
        }
        for row in await store.keys_of(parts.find(Database).direct(), tenant.id)
    ]


def _client(ground: Ground) -> str:
    client: str | None = ground.installation.values["tenant"] or ground.installation.gate.default_tenant
    if client is None:
        raise SettingsError("Say whose key is meant, by --tenant: `clerestory tenant list` shows all.")
    return client
