"""Telling followers: events are noted in the transaction of the deed, and mailed by a job, at once or once a day.

What somebody may not see any more when the mail is written is not told.
"""

from collections.abc import Sequence
from datetime import timedelta

from clerestory.families.ideas.follow import store, tiding_store
from clerestory.families.ideas.follow.links import End, StopLinks
from clerestory.families.ideas.follow.model import Addresses, News, letter, subject
from clerestory.families.ideas.follow.tiding_store import Reader
from clerestory.kernel.links import PublicUrl
from clerestory.platform import jobs
from clerestory.platform.database import Tx
from clerestory.platform.delivery import Channel, NewMessage, record_all
from clerestory.platform.delivery.alarm import SEND
from clerestory.platform.tenancy import Scope

TELL = "ideas.tell"
FAMILY = "ideas"
SETTINGS = "/following/"
_PORTION = 100
_NEWS_FOR = timedelta(days=30)


async def spread(scope: Scope, tx: Tx, event: int) -> None:
    """Notes the event for those who follow what it is of, in its own transaction."""
    if await tiding_store.spread(tx, event):
        await jobs.defer(tx, TELL, {}, tenant=scope.tenant.id)


async def contribute(scope: Scope, tx: Tx, event: int) -> None:
    """Notes what somebody contributed to an idea, as `spread`; from now on they follow it, if they do not refuse."""
    await store.start(tx, event)
    await spread(scope, tx, event)


async def digest(scope: Scope) -> None:
    """Writes a mail to each who is to be told something, and forgets what nobody is told any more."""
    async with scope.begin() as tx:
        await tiding_store.forget(tx, scope.now - _NEWS_FOR)
    await tell(scope, at_once=False)


async def tell(scope: Scope, *, at_once: bool) -> None:
    """Writes a mail to each who is to be told something; `at_once`: to those alone who want it so.

    May run twice, and twice at a time: whatever is told is told once.
    """
    after = 0
    while found := await tiding_store.readers(scope.direct(), after, _PORTION, at_once=at_once):
        after = found[-1].person
        async with scope.begin() as tx:
            await _mail(scope, tx, found)


async def _mail(scope: Scope, tx: Tx, readers: Sequence[Reader]) -> None:
    tidings = await tiding_store.take(tx, [reader.person for reader in readers])
    if not tidings:
        return
    told = await tiding_store.news(tx, tidings)
    news: dict[int, list[News]] = {}
    for one in told:
        news.setdefault(one.person, []).append(one.news)
    letters = [_message(scope, reader, news[reader.person]) for reader in readers if reader.person in news]
    messages = await record_all(tx, letters)
    await jobs.defer_all(tx, SEND, [{"message": message} for message in messages], tenant=scope.tenant.id)


def _message(scope: Scope, reader: Reader, news: Sequence[News]) -> NewMessage:
    links, home = scope.part(StopLinks), scope.part(PublicUrl)
    to = Addresses(
        lambda code: home.to(f"/{code}"),
        lambda followed: links.url(End(scope.tenant.id, reader.person, followed)),
        home.to(SETTINGS),
    )
    return NewMessage(
        FAMILY, Channel.EMAIL, (reader.email,), subject(news), letter(news, to), unsubscribe=to.stop(None)
    )
