"""Telling an organisation's owner that a transport's credentials or account do not work: once a day, not each time.

The word is kept in the inbox, and mailed too unless it is the mail that is broken.
"""

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


async def alarm(tx: Tx, scope: Scope, transport: str, channel: Channel, note: str) -> None:
    """Tells the owner, if that was not done within a day; in the transaction that stores the fault."""
    if not await alarm_store.raise_alarm(tx, transport, scope.now, EVERY):
        return
    log.error("delivery.alarm", transport=transport, tenant=scope.tenant.schema, note=note)
    owner = (await organisation.read(tx)).of(organisation.OWNER)
    address = await alarm_store.owner_address(tx, owner)
    if address is None:
        return
    word = _word(transport, note, address)
    kept = await record(tx, word)
    await kept_store.keep(tx, kept, f"Kept in the inbox: {transport} does not work", scope.now)
    if channel is not Channel.EMAIL:
        await _mail(tx, scope, word)


async def _mail(tx: Tx, scope: Scope, word: NewMessage) -> None:
    message = await record(tx, word)
    await defer(tx, SEND, {"message": message}, tenant=scope.tenant.id)


def _word(transport: str, note: str, address: str) -> NewMessage:
    text = (
        f"A message could not be sent by {transport}:\n\n{note}\n\n"
        "Until its settings are put right, messages fall back to the other channels that people have agreed to. "
        "This is said at most once a day.\n"
    )
    return NewMessage(FAMILY, Channel.EMAIL, (address,), f"{transport} does not work", text)
