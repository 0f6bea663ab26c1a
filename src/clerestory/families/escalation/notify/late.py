"""What becomes known of a message after the answer: repetitions, providers' reports, and receipts that never came."""

from clerestory.families.escalation.notify import store
from clerestory.families.escalation.notify.sweep import settle
from clerestory.kernel.channels import Channel, Code
from clerestory.platform import delivery
from clerestory.platform.delivery.callbacks import State as Arrival
from clerestory.platform.delivery.message import Message, MessageId, Stage
from clerestory.platform.tenancy import Scope


async def heard(scope: Scope, message: Message) -> None:
    """Acts upon a message as it stands now; twice the same does nothing the second time."""
    if message.reference is None or message.code is None:
        return
    if message.stage is Stage.FAILED:
        await _failed(scope, message, message.code)
    elif message.stage in (Stage.SENT, Stage.KEPT):
        await settle(scope, message, message.code)


async def missed(scope: Scope, number: int) -> None:
    """Falls back when a WhatsApp message that was taken has not been delivered by now."""
    message = await delivery.read(scope.direct(), MessageId(number))
    if message is None or message.stage is not Stage.SENT or message.channel is not Channel.WHATSAPP:
        return
    if message.arrival in (Arrival.DELIVERED, Arrival.READ):
        return
    await _failed(scope, message, Code.RECIPIENT_UNREACHABLE)


async def _failed(scope: Scope, message: Message, code: Code) -> None:
    async with scope.begin() as tx:
        await store.reopen(tx, message.id, scope.now)
    await settle(scope, message, code)
