"""Take-over and give-back: the bot falls silent for a user, until somebody gives the chat back or the time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from clerestory.families.bots.chats import mute_store
from clerestory.families.bots.chats.model import Source
from clerestory.families.bots.chats.mute_store import StatusRow
from clerestory.families.bots.chats.sweeps import RESUME_TASK
from clerestory.platform import jobs
from clerestory.platform.database import Tx
from clerestory.platform.tenancy import Scope

_A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class By:
    """Whose doing a change of status is, and until when it holds."""

    source: Source
    until: datetime | None = None
    note: str = ""


async def mute(scope: Scope, tx: Tx, user: int, by: By) -> None:
    """From now on the bot is silent for this user."""
    row = StatusRow(by.source.value, scope.actor.person_id, by.until, by.note)
    muted = await mute_store.mute(tx, user, row, scope.now)
    if muted is not None and muted.new and muted.until is not None:
        await _resume_at(scope, tx, user, muted.until)


async def unmute(scope: Scope, tx: Tx, user: int, by: By) -> None:
    """The bot speaks to this user again."""
    row = StatusRow(by.source.value, scope.actor.person_id, note=by.note)
    await mute_store.unmute(tx, user, row, scope.now)


async def resume(scope: Scope, user: int) -> None:
    """Ends a take-over whose time is over; one that has gone on meanwhile is looked at again later."""
    async with scope.begin() as tx:
        until = await mute_store.muted_until(tx, user)
        if until is None:
            return
        if until > scope.now:
            await _resume_at(scope, tx, user, until)
            return
        await unmute(scope, tx, user, By(Source.TIME))


async def _resume_at(scope: Scope, tx: Tx, user: int, until: datetime) -> None:
    after = until - scope.now + _A_MOMENT
    await jobs.defer(tx, RESUME_TASK, {"user": user}, tenant=scope.tenant.id, after=after)
