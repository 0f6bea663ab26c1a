"""API keys of a tenant: issued, listed, revoked, renewed. A revoked key is refused at once by every process."""

from dataclasses import dataclass
from datetime import datetime

from clerestory.kernel import ids
from clerestory.kernel.errors import Conflict, NotFound
from clerestory.kernel.values import MOST
from clerestory.platform.database import Runner, Tx, notify
from clerestory.platform.tenancy import TenantId
from clerestory.platform.tokens import store
from clerestory.platform.tokens.gate import KEY_TOPIC
from clerestory.platform.tokens.vault import Vault, digest

# Not revoked. Two that are made at the same moment may make it one more; nothing depends on it.
MOST_KEYS = 50
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Issued:
    """A key that was just made, with its text."""

    id: int
    text: str

    def __repr__(self) -> str:
        return f"Issued({self.id}, …)"


async def issue(tx: Runner, vault: Vault, tenant: TenantId, name: str) -> Issued:
    """A new key with all rights in the tenant. Raises Conflict when it has as many as it may have."""
    if await store.count_unrevoked_keys(tx, tenant) >= MOST_KEYS:
        raise Conflict(f"There are {MOST_KEYS} keys already: revoke one that is not needed any more.")
    text = ids.new_key()
    return Issued(await store.insert_key(tx, tenant, name, digest(text), vault.seal(text)), text)


async def revoke(tx: Tx, tenant: TenantId, key: int, now: datetime) -> None:
    """Withdraws a key. Raises NotFound for one that this tenant does not have, or that was withdrawn before."""
    if not 0 < key <= MOST or not await store.revoke_key(tx, tenant, key, now):
        raise NotFound
    await notify(tx, KEY_TOPIC, str(key))


async def renew(tx: Tx, vault: Vault, tenant: TenantId, key: int, now: datetime) -> Issued:
    """A new key in the place of one that is withdrawn with it, under the same name. Raises NotFound."""
    old = await one(tx, tenant, key)
    await revoke(tx, tenant, key, now)
    return await issue(tx, vault, tenant, old.name)


async def one(runner: Runner, tenant: TenantId, key: int) -> store.KeyRow:
    """One key of the tenant, revoked ones too. Raises NotFound."""
    row = await store.key_by_id(runner, tenant, key) if 0 < key <= MOST else None
    if row is None:
        raise NotFound
    return row


async def current(runner: Runner, vault: Vault, tenant: TenantId, now: datetime) -> Issued | None:
    """The tenant's newest good key with its text: for a page that an administrator reads."""
    row = await store.newest_good_key(runner, tenant, now)
    return None if row is None else Issued(row.id, vault.unseal(row.sealed))


def masked(vault: Vault, row: store.KeyRow) -> str:
    """The key's end, by which its owner knows it again."""
    return "•" * 8 + vault.unseal(row.sealed)[-_SHOWN:]
