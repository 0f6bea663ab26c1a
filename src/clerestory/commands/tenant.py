"""`clerestory tenant …`: tenants made, listed, shown, suspended and deleted, beside a running server or without one."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import TypeVar

import typer

from clerestory import app
from clerestory.commands.failure import Failed
from clerestory.commands.ground import Ground, prepared
from clerestory.commands.telling import as_json, say, table
from clerestory.kernel.errors import Fault, Invalid
from clerestory.platform import provisioning
from clerestory.platform.database import Database
from clerestory.platform.database.migrate import Migrator
from clerestory.platform.tenancy import Parts, State, Tenant, store
from clerestory.platform.tokens import store as credentials

_PORTION = 500

T = TypeVar("T")


def create(email: str, options: Mapping[str, object]) -> None:
    """Registers the tenant, and tells its key: as JSON exactly client, schema, api_key and state."""
    with prepared(options, made_before=False) as ground:
        values = ground.installation.values
        given = values["password"] or _asked_password(quiet=values["json"])
        password = given or secrets.token_urlsafe(12)
        registrant = provisioning.Registrant(email, password, values["first_name"], values["last_name"])
        registered = with_parts(ground, lambda parts: _registered(parts, registrant))
        if values["json"]:
            as_json({name: getattr(registered, name) for name in ("client", "schema", "api_key", "state")})
        else:
            _tell(registered, ground)
    if not given:
        # On standard error, so that a script's JSON stays what it is.
        typer.echo(f"The password of {email} is {password}", err=True)


def list_all(options: Mapping[str, object]) -> None:
    """Every tenant, in the order in which they came."""
    with prepared(options) as ground:
        entries = with_parts(ground, _entries)
    if ground.installation.values["json"]:
        as_json([asdict(entry) for entry in entries])
        return
    rows = [[one.client, one.schema, one.state, one.email, f"{one.created:%Y-%m-%d %H:%M}"] for one in entries]
    table(["client", "schema", "state", "e-mail", "created"], rows)


def show(client: str, options: Mapping[str, object]) -> None:
    """One tenant, with what it has."""
    with prepared(options) as ground:
        shown = with_parts(ground, lambda parts: _shown(parts, client))
    if ground.installation.values["json"]:
        as_json(shown)
        return
    for name, value in shown.items():
        say(f"{name:<10}{'-' if value is None else value}")


def delete(client: str, options: Mapping[str, object]) -> None:
    """Deletes the tenant and all that it owns, after a question."""
    with prepared(options) as ground:
        tenant = with_parts(ground, lambda parts: named(parts, client))
        if not ground.installation.values["yes"]:
            if not sys.stdin.isatty():
                raise Failed("Nobody is here to be asked: repeat it with --yes.")
            typer.confirm(f"Delete {tenant.client} and everything that it owns?", abort=True)
        with_parts(ground, lambda parts: provisioning.remove(parts, tenant.id))
    say(f"{tenant.client} is deleted.")


def suspend(client: str, options: Mapping[str, object]) -> None:
    """Serves the tenant no more, until it is resumed."""
    with prepared(options) as ground:
        tenant = with_parts(ground, lambda parts: named(parts, client))
        with_parts(ground, lambda parts: provisioning.suspend(parts, tenant.id))
    say(f"{tenant.client} is suspended: its requests are answered with 503.")


def resume(client: str, options: Mapping[str, object]) -> None:
    """Serves the tenant again."""
    with prepared(options) as ground:
        tenant = with_parts(ground, lambda parts: named(parts, client))
        with_parts(ground, lambda parts: provisioning.resume(parts, tenant.id))
    say(f"{tenant.client} is served again.")


async def named(parts: Parts, client: str) -> Tenant:
    """The tenant of this client name or schema. Raises Failed."""
    tenant = await store.tenant_by_name(parts.find(Database).direct(), client)
    if tenant is None:
        raise Failed(f"There is no tenant {client!r}: `clerestory tenant list` shows all.")
    return tenant


def with_parts(ground: Ground, work: Callable[[Parts], Awaitable[T]]) -> T:
    """What the work yields, done with the parts of a process at hand."""

    async def run() -> T:
        async with app.at_hand(ground.settings) as parts:
            return await work(parts)

    return asyncio.run(run())


async def _registered(parts: Parts, registrant: provisioning.Registrant) -> provisioning.Registered:
    try:
        return await provisioning.register(parts, registrant)
    except Invalid as problem:
        raise Failed(" ".join(map(_said, problem.faults))) from None


def _said(fault: Fault) -> str:
    return f"{fault.field}: {fault.text}" if fault.field else fault.text


async def _entries(parts: Parts) -> list[store.TenantEntry]:
    found: list[store.TenantEntry] = []
    while True:
        last = found[-1].id if found else 0
        portion = await store.list_tenants(parts.find(Database).direct(), last, _PORTION)
        found += portion
        if len(portion) < _PORTION:
            return found


async def _shown(parts: Parts, client: str) -> dict[str, object]:
    database, tenant = parts.find(Database), await named(parts, client)
    entry = await store.show_tenant(database.direct(), tenant.id)
    if entry is None:
        raise Failed(f"The tenant {client!r} has just been deleted.")
    keys = await credentials.keys_of(database.direct(), tenant.id)
    good = sum(key.revoked is None for key in keys)
    people = None
    if tenant.state is State.READY:
        people = await database.direct(tenant.schema).value("SELECT count(*) FROM tenant.person")
    current = entry.version == parts.find(Migrator).fingerprint
    return {**asdict(entry), "version": "current" if current else "outdated", "people": people, "keys": good}


def _asked_password(*, quiet: bool) -> str | None:
    """What a person types, if there is one to type."""
    if quiet or not sys.stdin.isatty():
        return None
    typed: str = typer.prompt("Password (empty: one is made up)", default="", hide_input=True, show_default=False)
    return typed or None


def _tell(registered: provisioning.Registered, ground: Ground) -> None:
    say(f"client    {registered.client}")
    say(f"schema    {registered.schema}")
    say(f"api_key   {registered.api_key}")
    say(f"state     {registered.state}")
    say()
    say(f"Try it:   curl -H 'Api-Key: {registered.api_key}' {ground.settings.public_url}/members")
