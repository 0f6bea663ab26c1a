"""Whether this is the secret that the database was set up with. With another one no stored key could be read again."""

import hmac

from clerestory.kernel.errors import Absent
from clerestory.platform.database import Database, Tx
from clerestory.platform.tokens.vault import Vault

_TEXT = (
    "This database was set up with another server secret. Set CLERESTORY_SECRET to that one, or put back the file "
    "`secret` of its data folder: stored keys and credentials cannot be read without it."
)


async def require_known_secret(database: Database, vault: Vault) -> None:
    """Marks a new database with the secret. Raises Absent when an older one bears another mark."""
    ours = vault.derive("mark")
    async with database.begin() as tx:
        theirs = await _mark(tx, ours)
    if not hmac.compare_digest(ours, theirs):
        raise Absent(_TEXT)


async def is_known_secret(database: Database, vault: Vault) -> bool:
    """Whether the database was set up with this secret; true for one that bears no mark yet."""
    theirs = await database.direct().values("SELECT mark FROM platform.secret_mark")
    return all(hmac.compare_digest(vault.derive("mark"), mark) for mark in theirs)


async def _mark(tx: Tx, ours: bytes) -> bytes:
    mark: bytes = await tx.value(
        """
        INSERT INTO platform.secret_mark (mark)
        VALUES (:ours)
            ON CONFLICT (one) DO UPDATE SET one = true
        RETURNING mark
        """,
        ours=ours,
    )
    return mark
