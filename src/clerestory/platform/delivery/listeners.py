"""Who is told what becomes known of a message after `attempt` has answered: the family that wrote it.

It is told by a job, so that it is told even when this process dies, and again until it has understood.
"""

from collections.abc import Awaitable, Callable

from clerestory.platform.database import Tx
from clerestory.platform.delivery import store
from clerestory.platform.delivery.message import Message, MessageId
from clerestory.platform.jobs import Arguments, defer
from clerestory.platform.tenancy import Scope

TOLD = "delivery.told"

Heard = Callable[[Scope, Message], Awaitable[None]]
"""Gets the message as it stands: sent or failed after a retry, failed or arrived by a provider's report.

It may be called twice with the same, and a newer state may hide an older one.
"""


class Listeners:
    """The families that listen, by name. A part of the process, filled before the first request."""

    def __init__(self) -> None:
        self._heard: dict[str, Heard] = {}

    def add(self, family: str, heard: Heard) -> None:
        """From now on the family is told of its messages."""
        if family in self._heard:
            raise ValueError(f"{family} listens already")
        self._heard[family] = heard

    async def tell(self, tx: Tx, tenant: int, family: str, message: MessageId) -> None:
        """Lets the family be told once the transaction has committed."""
        if family in self._heard:
            await defer(tx, TOLD, {"message": message}, tenant=tenant)

    async def told(self, scope: Scope, arguments: Arguments) -> None:
        """The job that tells."""
        message = await store.message(scope.direct(), MessageId(int(arguments["message"] or 0)))
        if message is not None and message.family in self._heard:
            await self._heard[message.family](scope, message)
