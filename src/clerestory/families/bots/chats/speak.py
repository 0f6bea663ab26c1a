"""Says what was planned, in order: one message at a time, never twice, with no transaction open meanwhile."""

from datetime import datetime, timedelta

import msgspec

from clerestory.families.bots.chats import said_store, store
from clerestory.families.bots.chats.config import Config
from clerestory.families.bots.chats.live import tell
from clerestory.families.bots.chats.model import LATE, Author, Channel, pause_after, window
from clerestory.families.bots.chats.said_store import Ended, Taken
from clerestory.families.bots.chats.store import Claimed
from clerestory.families.bots.chats.sweeps import CONVERSE_TASK
from clerestory.families.bots.chats.token_health import Health, mark
from clerestory.families.bots.messenger.model import Fate, Sent
from clerestory.families.bots.messenger.send import Outgoing, send
from clerestory.families.bots.policy import Apps
from clerestory.platform import jobs
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.tenancy import Scope

_NO_TOKEN = "The bot has no page token: connect its Facebook page."  # noqa: S105 - words for people
_OTHER_APP = "another app"


async def speak(scope: Scope, chat: Claimed, config: Config) -> None:
    """Sends what is planned and due. What must wait holds up what comes after it, so that the order stays."""
    while (taken := await said_store.take_next(scope.direct(), chat.id, scope.now)) is not None:
        if taken.withheld:
            continue
        if chat.channel == Channel.WEB:
            await _show(scope, chat, taken)
        else:
            await store.keep(scope.direct(), chat.id, scope.now + timedelta(seconds=60))
            await _conclude(scope, chat, config, taken, await _sent(scope, chat, config, taken))


async def _show(scope: Scope, chat: Claimed, taken: Taken) -> None:
    """On the web there is nobody to ask: what is noted as sent is what the page shows."""
    async with scope.begin() as tx:
        await said_store.finish(tx, taken.id, Ended("sent"), scope.now)
        await tell(tx, scope.tenant.id, chat.id)


async def _sent(scope: Scope, chat: Claimed, config: Config, taken: Taken) -> Sent:
    if config.token is None:
        return Sent(Fate.FAILED, words=_NO_TOKEN)
    if chat.token_fault and chat.token_mark == mark(config.token):
        # It was refused before and is the same: the platform is not asked again until there is another.
        return Sent(Fate.FAILED, words=chat.token_fault)
    human = taken.author == Author.HUMAN
    too_late = window(Author(taken.author), chat.last_heard, scope.now)
    if too_late is not None:
        return Sent(Fate.FAILED, words=too_late)
    late = chat.last_heard is None or scope.now - chat.last_heard >= LATE
    apps = scope.part(Apps)
    app = apps.graph(await apps.of(scope))
    client = scope.part(Transports).client(trusted=app.trusted)
    message = msgspec.json.decode(taken.payload)
    return await send(client, app, Outgoing(config.token, chat.address, message, human=human, late=late))


async def _conclude(scope: Scope, chat: Claimed, config: Config, taken: Taken, sent: Sent) -> None:
    pause = pause_after(taken.tries, sent.pause) if sent.fate is Fate.AGAIN else None
    async with scope.begin() as tx:
        due = None if pause is None else scope.now + pause
        await said_store.finish(tx, taken.id, _ended(sent, due), scope.now)
        if pause is not None:
            await jobs.defer(tx, CONVERSE_TASK, {"chat": chat.id}, tenant=scope.tenant.id, after=pause)
        if sent.fate is Fate.THREAD:
            await store.set_thread(tx, chat.id, _OTHER_APP, scope.now)
        if sent.fate is Fate.TOKEN and config.token is not None:
            await Health(chat.bot, chat.bot_uuid).failed(scope, tx, config.token, sent.words)
        if sent.fate is Fate.SENT and chat.token_fault:
            await Health(chat.bot, chat.bot_uuid).works(scope, tx)


def _ended(sent: Sent, due: datetime | None) -> Ended:
    if sent.fate is Fate.SENT:
        return Ended("sent", provider_id=sent.message_id or None)
    if due is not None:
        return Ended("planned", sent.words, due=due)
    return Ended("unknown" if sent.fate is Fate.UNKNOWN else "failed", sent.words)
