"""Sends what was recorded: one process a message, never twice, with no transaction open meanwhile.

What it cannot finish, because the process dies in between, stands at SENDING until the family gives it up.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from clerestory.kernel.channels import Channel, Code
from clerestory.kernel.errors import Invalid, NotFound, Unavailable
from clerestory.platform.database import Tx
from clerestory.platform.delivery import blocks, inbox, kept_store, store
from clerestory.platform.delivery.alarm import Trouble, sound
from clerestory.platform.delivery.links import CallbackLinks
from clerestory.platform.delivery.listeners import Listeners
from clerestory.platform.delivery.message import (
    Message,
    MessageId,
    Stage,
    paused,
    refusals_as_json,
    stage_after,
    together,
)
from clerestory.platform.delivery.outcome import DEADLINE, Outcome, Outgoing, Refusal, explain
from clerestory.platform.delivery.quota import Quota
from clerestory.platform.delivery.routing import Routing, Way
from clerestory.platform.delivery.store import Claimed, Result, Tried
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.jobs import defer
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Scope

RETRY = "delivery.retry"

_LEAST_TIME = timedelta(seconds=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Ways:
    """What a sender works with."""

    transports: Transports
    routing: Routing
    links: CallbackLinks
    listeners: Listeners
    metrics: Metrics
    quota: Quota


class Sender:
    """Attempts recorded messages. A part of the process."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways

    async def attempt(
        self, scope: Scope, message: MessageId, channel: Channel | None = None, *, deadline: timedelta = DEADLINE
    ) -> Outcome:
        """What came of sending a recorded message, at most `deadline` later. Never raises for a provider's doing.

        - SENT: a provider took it; with `refused`, but for these addresses. KEPT: it lies in the inbox.
        - Any other code without `retry_after`: failed for good; fall back.
        - Any other code with `retry_after`: not the last word. It is tried again by itself, or another process is at
          it; the family's listener hears how it ends.

        A message that is no longer planned is not sent again: what is stored of it is answered. Who knows its channel
        says so and spares a look. Raises NotFound, and Unavailable when the outcome could not be stored; the message
        then stands at SENDING, as after a crash.
        """
        by = channel or (await self._known(scope, message)).channel
        try:
            way = await self._ways.routing.way(scope, by)
        except Invalid as invalid:
            return await self._unusable(scope, message, invalid)
        if way is None:
            return await self._kept(scope, message, by)
        claimed = await store.claim(scope.direct(), message, way.sender, scope.now)
        if claimed is None:
            return await self._standing(scope, message)
        outcomes = await self._carry(scope, claimed, way, deadline)
        return await self._conclude(scope, claimed, way, outcomes)

    async def retry(self, scope: Scope, message: MessageId) -> None:
        """Attempts a message whose pause is over, and lets its family be told how it ended.

        Raises Unavailable when it is not due yet, by this machine's clock.
        """
        waiting = await store.message(scope.direct(), message)
        if waiting is None or waiting.stage is not Stage.PLANNED:
            return
        if waiting.due is not None and waiting.due > scope.now:
            raise Unavailable("The message is not due yet.", waiting.due - scope.now)
        outcome = await self.attempt(scope, message, waiting.channel)
        if outcome.retry_after is None:
            async with scope.begin() as tx:
                await self._ways.listeners.tell(tx, scope.tenant.id, waiting.family, message)

    async def _known(self, scope: Scope, message: MessageId) -> Message:
        known = await store.message(scope.direct(), message)
        if known is None:
            raise NotFound
        return known

    async def _standing(self, scope: Scope, message: MessageId) -> Outcome:
        return (await self._known(scope, message)).outcome(scope.now)

    async def _kept(self, scope: Scope, message: MessageId, channel: Channel) -> Outcome:
        outcome = inbox.keep(channel)
        if not await kept_store.keep(scope.direct(), message, outcome.note, scope.now):
            return await self._standing(scope, message)
        self._ways.metrics.delivery(channel.value, outcome.code.value)
        return outcome

    async def _unusable(self, scope: Scope, message: MessageId, invalid: Invalid) -> Outcome:
        claimed = await store.claim(scope.direct(), message, "", scope.now)
        if claimed is None:
            return await self._standing(scope, message)
        outcome = Outcome(Code.CHANNEL_NOT_CONFIGURED, f"The settings cannot be used: {invalid.text}")
        return await self._conclude(scope, claimed, None, [outcome])

    async def _carry(self, scope: Scope, claimed: Claimed, way: Way, deadline: timedelta) -> list[Outcome]:
        """The outcome of each call, the last one last."""
        open_to_us = tuple(address for address in claimed.open if address not in claimed.blocked)
        known = tuple(Refusal(address, _blocked(way)) for address in claimed.open if address in claimed.blocked)
        if not open_to_us:
            return [replace(_blocked(way), refused=known if len(claimed.recipients) > 1 else ())]
        # A repetition goes to those who were counted at the first try.
        counts = way.shared and claimed.tries == 1
        over = await self._ways.quota.refusal(scope, len(open_to_us)) if counts else None
        message = self._outgoing(scope, claimed, way, open_to_us)
        outcomes = await self._called(way, message, deadline) if over is None else [over]
        outcomes[-1] = replace(outcomes[-1], refused=(*known, *outcomes[-1].refused))
        return outcomes

    async def _called(self, way: Way, message: Outgoing, deadline: timedelta) -> list[Outcome]:
        end = asyncio.get_running_loop().time() + deadline.total_seconds()
        outcomes = [await self._ways.transports.send(way.route, message, deadline)]
        pause = outcomes[0].retry_after
        if pause is not None and way.channel is not Channel.EMAIL:
            left = timedelta(seconds=end - asyncio.get_running_loop().time()) - pause
            if left >= _LEAST_TIME:
                await asyncio.sleep(pause.total_seconds())
                outcomes.append(await self._ways.transports.send(way.route, message, left))
        return outcomes

    def _outgoing(self, scope: Scope, claimed: Claimed, way: Way, recipients: tuple[str, ...]) -> Outgoing:
        return Outgoing(
            claimed.channel,
            recipients,
            claimed.subject,
            claimed.text,
            str(claimed.uuid),
            claimed.html,
            self._ways.links.url("twilio", scope.tenant.id) if way.name == "Twilio" else None,
            claimed.parameters,
            claimed.unsubscribe,
        )

    async def _conclude(self, scope: Scope, claimed: Claimed, way: Way | None, outcomes: Sequence[Outcome]) -> Outcome:
        whole = together(claimed.recipients, claimed.refused, outcomes[-1])
        outcome, pause = paused(whole, claimed.channel, claimed.tries)
        now = scope.now
        result = Result(
            stage_after(outcome, pause),
            outcome.code,
            outcome.note,
            refusals_as_json(outcome.refused),
            outcome.provider_id,
            None if pause is None else now + pause,
            "" if way is None else way.name,
            "" if way is None else way.sender,
        )
        tried = [Tried(one.code, one.note, one.raw) for one in outcomes]
        if way is None or not _leaves_a_mark(way, outcome, pause):
            await store.finish(scope.direct(), claimed, result, tried, now)
        else:
            async with scope.begin() as tx:
                if await store.finish(tx, claimed, result, tried, now):
                    await self._remember(tx, scope, claimed, way, outcome)
                    if pause is not None:
                        await defer(tx, RETRY, {"message": claimed.id}, tenant=scope.tenant.id, after=pause)
        for one in outcomes:
            self._ways.metrics.delivery(claimed.channel.value, one.code.value)
        return outcome

    async def _remember(self, tx: Tx, scope: Scope, claimed: Claimed, way: Way, outcome: Outcome) -> None:
        """What an outcome means for later messages: blocks, alarms, whose callback it will be."""
        for address, found in _singly(claimed, outcome):
            if found.code is Code.SENDER_BLOCKED:
                await blocks.block(tx, way.channel, way.sender, address, found.note)
        if outcome.alarm or any(one.outcome.alarm for one in outcome.refused):
            mail = way.channel is Channel.EMAIL
            await sound(tx, scope, Trouble(way.name, way.shared, outcome.note, mail))
        if way.shared and outcome.provider_id:
            (address,) = claimed.recipients
            await blocks.share(tx, outcome.provider_id, scope.tenant.id, way.channel, address)


def _leaves_a_mark(way: Way, outcome: Outcome, pause: timedelta | None) -> bool:
    """Whether more than the message itself is to be written; if not, one statement will do."""
    found = (outcome, *(one.outcome for one in outcome.refused))
    marked = any(one.alarm or one.code is Code.SENDER_BLOCKED for one in found)
    return marked or pause is not None or (way.shared and outcome.provider_id is not None)


def _singly(claimed: Claimed, outcome: Outcome) -> list[tuple[str, Outcome]]:
    """Each address with what is known of it alone, in order, so that rows are locked in one order."""
    if len(claimed.recipients) == 1:
        return [(claimed.recipients[0], outcome)]
    return sorted(((one.address, one.outcome) for one in outcome.refused), key=lambda entry: entry[0])


def _blocked(way: Way) -> Outcome:
    return Outcome(Code.SENDER_BLOCKED, explain(way.name, Code.SENDER_BLOCKED))
