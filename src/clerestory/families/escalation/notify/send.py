"""Sending what was written down, one chain for each first choice, until it is taken or nothing is left to try.

The answer waits for the chains up to its deadline; what is not done by then goes on behind it. No transaction is open
while a provider is asked.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from clerestory.families.escalation.notify.follow import Ended, act
from clerestory.families.escalation.notify.model import Job, Result, result, unfinished
from clerestory.families.escalation.notify.record import Sendable
from clerestory.kernel.channels import Code
from clerestory.platform.delivery.outcome import DEADLINE
from clerestory.platform.delivery.sender import Sender
from clerestory.platform.jobs import Background
from clerestory.platform.observe import Metrics
from clerestory.platform.tenancy import Scope

ANSWER_WITHIN = timedelta(seconds=20)
_AT_ONCE = 32
MOST_CHAINS = 2000


@dataclass(slots=True)
class Progress:
    """A job that was begun; without a result it is not done yet."""

    job: Job
    result: Result | None = None

    @property
    def shown(self) -> Result:
        """The result as the answer shows it now."""
        return self.result or unfinished(self.job.channel)


@dataclass(slots=True)
class Chain:
    """A first choice and what followed it, in order."""

    first: Sendable
    steps: list[Progress] = field(default_factory=list)


async def follow(scope: Scope, chain: Chain) -> None:
    """Sends the chain's message, and after a failure what follows, one after the other."""
    waiting = [chain.first]
    while waiting:
        sendable = waiting.pop(0)
        step = Progress(sendable.job)
        chain.steps.append(step)
        deadline = scope.part(Outbox).call_within
        outcome = await scope.part(Sender).attempt(scope, sendable.message, step.job.channel, deadline=deadline)
        if outcome.retry_after is not None:
            # Not the last word: it is repeated by itself, and the listener hears how it ends.
            continue
        following = await act(scope, Ended(sendable.job, sendable.message, outcome.code))
        step.result = result(
            sendable.job.channel, outcome.code, outcome.note, following[0].job.channel if following else None
        )
        waiting = following + waiting


def _kept(scope: Scope, sendable: Sendable) -> Chain:
    """The chain of a message that lies in the inbox already."""
    scope.part(Metrics).delivery(sendable.job.channel.value, Code.KEPT.value)
    return Chain(sendable, [Progress(sendable.job, result(sendable.job.channel, Code.KEPT, sendable.kept, None))])


class Outbox:
    """The chains of this process. Each tenant has its own turn, so a flood of one does not hold up the others'.

    Beyond `most_chains` nothing more is begun here; the messages stand planned and the sweep sends them.
    """

    def __init__(self, background: Background) -> None:
        self.answer_within = ANSWER_WITHIN
        self.call_within = DEADLINE
        self.most_chains = MOST_CHAINS
        self._background = background
        self._turns: dict[int, asyncio.Semaphore] = {}
        self._open: Counter[int] = Counter()

    async def deliver(self, scope: Scope, sendable: Sequence[Sendable], begun: float) -> list[Progress]:
        """The jobs in the order of the answer, each with what is known of it when the answer is due.

        `begun` is when the request came, by the loop's clock.
        """
        chains = [_kept(scope, one) if one.kept else Chain(one) for one in sendable]
        done = [self._begin(scope, chain) for chain in chains if not chain.steps]
        left = self.answer_within.total_seconds() - (asyncio.get_running_loop().time() - begun)
        if done:
            await asyncio.wait(done, timeout=max(0.0, left))
        return [step for chain in chains for step in (chain.steps or [Progress(chain.first.job)])]

    def _begin(self, scope: Scope, chain: Chain) -> "asyncio.Future[None]":
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._open.total() >= self.most_chains:
            done.set_result(None)
        else:
            self._background.spawn(self._run(scope, chain, done))
        return done

    async def _run(self, scope: Scope, chain: Chain, done: "asyncio.Future[None]") -> None:
        try:
            with self._turn(scope.tenant.id) as turn:
                async with turn:
                    await follow(scope, chain)
        finally:
            if not done.done():
                done.set_result(None)

    @contextmanager
    def _turn(self, tenant: int) -> Iterator[asyncio.Semaphore]:
        turn = self._turns.setdefault(tenant, asyncio.Semaphore(_AT_ONCE))
        self._open[tenant] += 1
        try:
            yield turn
        finally:
            self._open[tenant] -= 1
            if not self._open[tenant]:
                del self._open[tenant], self._turns[tenant]
