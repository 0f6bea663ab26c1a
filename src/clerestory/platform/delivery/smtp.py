"""Mail through an SMTP server: one message to all its addresses, over a small pool of connections a server.

A message is repeated by nobody here, except when a kept connection turns out to be dead before anything was said.
"""

import asyncio
import ssl
from collections import OrderedDict, deque
from datetime import timedelta

import aiosmtplib

from clerestory.kernel.clock import Clock, utc_now
from clerestory.platform.delivery import smtp_outcomes as outcomes
from clerestory.platform.delivery.letter import Letter, write
from clerestory.platform.delivery.outbound import authorities
from clerestory.platform.delivery.outcome import DEADLINE, Outcome, Outgoing
from clerestory.platform.delivery.smtp_session import Security, Session, SmtpSettings

__all__ = ["Security", "SmtpPool", "SmtpPools", "SmtpSettings"]

_IDLE_SECONDS = 20.0
_MOST_POOLS = 256


class SmtpPool:
    """At most `size` connections to one server; those not in use are kept for 20 seconds."""

    def __init__(self, settings: SmtpSettings, tls: ssl.SSLContext, *, size: int = 4, clock: Clock = utc_now) -> None:
        self._settings = settings
        self._tls = tls
        self._clock = clock
        self._slots = asyncio.Semaphore(size)
        self._idle: deque[Session] = deque()
        self._expiry: asyncio.TimerHandle | None = None
        self._closed = False

    async def send(self, message: Outgoing, deadline: timedelta = DEADLINE) -> Outcome:
        """What the server answered: with code SENT at least one address was taken, `refused` names the others."""
        letter = write(self._settings.sender, message, self._clock())
        if letter is None:
            return outcomes.no_sender()
        if not letter.recipients:
            return outcomes.all_refused([outcomes.malformed(address) for address in letter.malformed])
        session = Session(self._settings, self._tls)
        try:
            async with asyncio.timeout(deadline.total_seconds()), self._slots:
                session = await self._begun(session, letter)
                outcome = await self._hand_over(session, letter)
                self._keep(session)
                return outcome
        except outcomes.FAULTS as error:
            session.close()
            return outcomes.failed(error, session.stage, self._settings)
        except BaseException:
            session.close()
            raise

    def close(self) -> None:
        """Drop the connections that are not in use; those in use are dropped when their message is done."""
        self._closed = True
        self._drop_idle()

    async def _begun(self, fresh: Session, letter: Letter) -> Session:
        while self._idle:
            kept = self._idle.pop()
            if await _still_serves(kept, letter):
                return kept
        await fresh.open()
        await _begin(fresh, letter)
        return fresh

    async def _hand_over(self, session: Session, letter: Letter) -> Outcome:
        refused = [outcomes.malformed(address) for address in letter.malformed]
        taken = 0
        for recipient in letter.recipients:
            if not (recipient.envelope.isascii() or session.offers_utf8):
                refused.append(outcomes.needs_utf8(recipient.given))
                continue
            try:
                await session.add(recipient.envelope)
                taken += 1
            except aiosmtplib.SMTPRecipientRefused as error:
                refused.append(outcomes.refusal(recipient.given, error, self._settings))
        if taken:
            words = await session.finish(letter.mail)
            return outcomes.accepted(words, refused, self._settings)
        await session.reset()
        return outcomes.all_refused(refused)

    def _keep(self, session: Session) -> None:
        if self._closed or not session.is_open:
            session.close()
            return
        self._idle.append(session)
        if self._expiry is not None:
            self._expiry.cancel()
        self._expiry = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._drop_idle)

    def _drop_idle(self) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        while self._idle:
            self._idle.pop().close()


async def _begin(session: Session, letter: Letter) -> None:
    await session.begin(letter.sender, len(letter.mail), utf8=letter.needs_utf8 and session.offers_utf8)


async def _still_serves(kept: Session, letter: Letter) -> bool:
    # Whatever a kept connection answers, a new one will say it again if it is true.
    try:
        await _begin(kept, letter)
    except (OSError, aiosmtplib.SMTPException):
        kept.close()
        return False
    except BaseException:
        kept.close()
        raise
    return True


class SmtpPools:
    """A pool for each settings value, the least recently used given up beyond 256."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, clock: Clock = utc_now) -> None:
        self._tls = tls or authorities()
        self._clock = clock
        self._pools: OrderedDict[SmtpSettings, SmtpPool] = OrderedDict()

    async def send(self, settings: SmtpSettings, message: Outgoing, deadline: timedelta = DEADLINE) -> Outcome:
        """What the server of these settings answered; see SmtpPool.send."""
        pool = self._pools.get(settings)
        if pool is None:
            pool = self._pools[settings] = SmtpPool(settings, self._tls, clock=self._clock)
        self._pools.move_to_end(settings)
        if len(self._pools) > _MOST_POOLS:
            self._pools.popitem(last=False)[1].close()
        return await pool.send(message, deadline)

    def close(self) -> None:
        """Drop every connection that is not in use."""
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()
