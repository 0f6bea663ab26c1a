"""Telling an organisation's owner that a transport's credentials or account do not work: once a day, not each time.

The word is kept in the inbox, and mailed too unless it is the mail that is broken.
"""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from clerestory.kernel.channels import Channel
from clerestory.platform.database import Tx
from clerestory.platform.delivery import alarm_store, kept_store
from clerestory.platform.delivery.message import NewMessage
from clerestory.platform.delivery.record import record
from clerestory.platform.identity import organisation
from clerestory.platform.jobs import defer
from clerestory.platform.tenancy import Scope

EVERY = timedelta(days=1)
FAMILY = "delivery"
SEND = "delivery.send"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A service that refuses our credentials. `shared`: they are the operator's, None: one cannot tell any more.

    `mail`: it is the mail itself that does not work.
    """

    name: str
    shared: bool | None
    note: str
    mail: bool = False


async def sound(tx: Tx, scope: Scope, trouble: Trouble) -> None:
    """Tells the owner, if that was not done within a day; in the transaction that stores the fault."""
    if not await alarm_store.raise_alarm(tx, trouble.name, scope.now, EVERY):
        return
    log.error(
        "delivery.alarm",
        transport=trouble.name,
        tenant=scope.tenant.schema,
        shared=trouble.shared,
        note=trouble.note,
    )
    owner = (await organisation.read(tx)).of(organisation.OWNER)
    address = await alarm_store.owner_address(tx, owner)
    if address is None:
        return
    word = _word(trouble, address)
    kept = await record(tx, word)
    await kept_store.keep(tx, kept, f"Kept in the inbox: {trouble.name} does not work", scope.now)
    if not trouble.mail:
        await _mail(tx, scope, word)


async def _mail(tx: Tx, scope: Scope, word: NewMessage) -> None:
    message = await record(tx, word)
    await defer(tx, SEND, {"message": message}, tenant=scope.tenant.id)


_WHOSE = {True: ", with the server's own settings", False: ", with your organisation's settings", None: ""}


def _word(trouble: Trouble, address: str) -> NewMessage:
    text = (
        f"Nothing can be done by {trouble.name}{_WHOSE[trouble.shared]}:\n\n{trouble.note}\n\n"
        "Until this is put right, messages fall back to other channels where people have agreed to those, and tasks "
        "are not made. This is said at most once a day.\n"
    )
    return NewMessage(FAMILY, Channel.EMAIL, (address,), f"{trouble.name} does not work", text)
