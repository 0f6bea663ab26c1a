"""What whoever administers the tenant owns of it: its keys and its settings."""

from collections.abc import Mapping

from clerestory.families.workspace import wire
from clerestory.kernel.paging import Page, Window
from clerestory.platform.database import Tx
from clerestory.platform.identity.configure import configure, configured
from clerestory.platform.identity.organisation import Catalogue
from clerestory.platform.resources import Field, read_body
from clerestory.platform.tenancy import Right, Scope
from clerestory.platform.tokens import Vault, keys, store
from clerestory.platform.tokens.store import KeyRow

Body = dict[str, object]

KEY = (Field("name", longest=100, doc="What the key is for."),)


async def list_keys(scope: Scope, window: Window) -> Page[wire.Key]:
    """The tenant's keys, the newest first."""
    scope.require(Right.ADMINISTER)
    rows = await store.keys_of(scope.direct(), scope.tenant.id)
    part = rows[window.offset : window.offset + window.limit]
    return Page([_masked(scope, row) for row in part], len(rows))


async def one_key(scope: Scope, key: int) -> wire.Key:
    """One key. Raises NotFound."""
    scope.require(Right.ADMINISTER)
    return _masked(scope, await keys.one(scope.direct(), scope.tenant.id, key))


async def issue_key(scope: Scope, body: Body) -> wire.Key:
    """A new key, with its text. Raises Conflict when there are too many."""
    scope.require(Right.ADMINISTER)
    name = str(read_body(KEY, body).get("name") or "default")
    async with scope.begin() as tx:
        issued = await keys.issue(tx, scope.part(Vault), scope.tenant.id, name)
        return await _in_clear(scope, tx, issued)


async def revoke_key(scope: Scope, key: int) -> None:
    """Withdraws a key. Raises NotFound."""
    scope.require(Right.ADMINISTER)
    async with scope.begin() as tx:
        await keys.revoke(tx, scope.tenant.id, key, scope.now)


async def renew_key(scope: Scope, key: int) -> wire.Key:
    """A new key, with its text, in the place of one that is withdrawn. Raises NotFound."""
    scope.require(Right.ADMINISTER)
    async with scope.begin() as tx:
        issued = await keys.renew(tx, scope.part(Vault), scope.tenant.id, key, scope.now)
        return await _in_clear(scope, tx, issued)


async def _in_clear(scope: Scope, tx: Tx, issued: keys.Issued) -> wire.Key:
    return _worded(await keys.one(tx, scope.tenant.id, issued.id), issued.text)


def _masked(scope: Scope, row: KeyRow) -> wire.Key:
    return _worded(row, keys.masked(scope.part(Vault), row))


def _worded(row: KeyRow, text: str) -> wire.Key:
    modified = row.revoked or row.created
    return wire.Key(row.id, row.name, text, row.rights, row.created, modified, row.expires, row.revoked)


async def read_settings(scope: Scope) -> Mapping[str, object]:
    """Every setting by name."""
    return (await configured(scope)).shown(scope.part(Catalogue))


async def change_settings(scope: Scope, body: Body) -> Mapping[str, object]:
    """Every setting by name, after the change. Raises Invalid."""
    catalogue = scope.part(Catalogue)
    return (await configure(scope, catalogue, body)).shown(catalogue)
