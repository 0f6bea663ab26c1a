"""Whom a token belongs to: remembered for a minute, looked up once for all who ask at the same time.

A refused token is remembered for seconds, and a Facebook that is down is asked by one caller at a time.
"""

import asyncio
from datetime import timedelta

from clerestory.families.bots.facebook import FacebookApp
from clerestory.families.bots.model import FacebookDown, FacebookRefused, FacebookUnset
from clerestory.families.bots.policy import Apps
from clerestory.families.bots.signin import graph
from clerestory.families.bots.signin.breaker import Breaker
from clerestory.families.bots.signin.model import Identity
from clerestory.kernel.errors import Problem
from clerestory.platform.delivery.transports import Transports
from clerestory.platform.jobs import Background
from clerestory.platform.tenancy import Scope
from clerestory.platform.tenancy.registry import Memory
from clerestory.platform.tokens.vault import digest

KNOWN_FOR = timedelta(seconds=60)
REFUSED_FOR = timedelta(seconds=5)
_BOUND = 50_000
_AT_ONCE = 64
_WAITING = 1000
_BREAKERS = 1000

Key = tuple[int, bytes]
Asking = asyncio.Future[Identity]


class Identities:
    """Finds who a token belongs to. A part of the process."""

    def __init__(self, background: Background, apps: Apps, transports: Transports) -> None:
        self._background = background
        self._apps = apps
        self._transports = transports
        self._known: Memory[Identity] = Memory(KNOWN_FOR, _BOUND)
        self._refused: Memory[str] = Memory(REFUSED_FOR, _BOUND)
        self._asking: dict[Key, Asking] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._breakers: dict[str, Breaker] = {}

    async def of(self, scope: Scope, token: str) -> Identity:
        """Who it is. Raises FacebookRefused, FacebookDown, FacebookUnset; never later than the contract's 8 s."""
        key = scope.tenant.id, digest(token)
        known = self._known.get(key)
        if known is not None:
            return known
        document = self._refused.get(key)
        if document is not None:
            raise FacebookRefused(document)
        asking = self._asking.get(key)
        if asking is None:
            asking = self._begin(scope, key, token)
        # Who goes away takes the answer from nobody.
        return await asyncio.shield(asking)

    def _begin(self, scope: Scope, key: Key, token: str) -> Asking:
        if len(self._asking) >= _WAITING:
            raise FacebookDown
        asking: Asking = asyncio.get_running_loop().create_future()
        self._asking[key] = asking
        self._background.spawn(self._look_up(scope, key, token))
        return asking

    async def _look_up(self, scope: Scope, key: Key, token: str) -> None:
        asking = self._asking[key]
        try:
            asking.set_result(self._known.put(key, await self._found(scope, token), self._known.moment))
        except FacebookRefused as refused:
            self._refused.put(key, refused.document, self._refused.moment)
            asking.set_exception(refused)
        except Problem as problem:
            asking.set_exception(problem)
        except BaseException:
            asking.set_exception(FacebookDown())
            raise
        finally:
            del self._asking[key]
            if not asking.cancelled():
                # Whoever asked may be gone; then nobody hears of it, and that is no fault.
                asking.exception()

    async def _found(self, scope: Scope, token: str) -> Identity:
        """Whoever it is, within the deadline, the wait for a place counted."""
        try:
            async with asyncio.timeout(graph.DEADLINE.total_seconds()), self._places:
                app = await self._apps.of(scope)
                if app is None:
                    raise FacebookUnset
                return await self._ask(app, token)
        except TimeoutError:
            raise FacebookDown from None

    async def _ask(self, app: FacebookApp, token: str) -> Identity:
        breaker = self._breaker(app)
        if not breaker.allows():
            raise FacebookDown
        try:
            found = await graph.ask(self._transports.client(trusted=app.trusted), app, token)
        except FacebookRefused:
            breaker.answered()
            raise
        except (FacebookDown, asyncio.CancelledError):
            # Cancelled by the deadline: it was silent for as long as it may be.
            breaker.failed()
            raise
        breaker.answered()
        return found

    def _breaker(self, app: FacebookApp) -> Breaker:
        if app.url not in self._breakers and len(self._breakers) >= _BREAKERS:
            del self._breakers[next(iter(self._breakers))]
        return self._breakers.setdefault(app.url, Breaker())
